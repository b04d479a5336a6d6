/** Beside the canvas: the member that is selected, else the team. */
import { Copy, Trash2 } from "lucide-react";
import { find, idOf, stepsOf } from "./draft.js";
import { MemberPanel } from "./member_panel.jsx";
import { useDesigner } from "./store.js";
import { TeamPanel } from "./team_panel.jsx";
import { nameOf } from "./words.js";

export function Inspector() {
  const { state, agents, words: { t } } = useDesigner();
  const { draft, selection } = state;
  const member = selection.length === 1 ? find(draft, selection[0]) : null;
  const title = member ? nameOf(draft, agents, idOf(member)) : selection.length > 1 ? t("designer.selected", { n: selection.length }) : t("designer.team.title");
  return (
    <section className="wd-inspector" aria-label={t("designer.inspector")}>
      <header className="wd-inspector-head">
        <h2 className="truncate">{title}</h2>
        {member && <span className="tag">{t("designer.step", { n: stepsOf(draft)[idOf(member)] })}</span>}
      </header>
      <div className="wd-inspector-body">
        {selection.length > 0 && <SeatActions ids={selection} />}
        {member && <MemberPanel key={idOf(member)} member={member} />}
        {selection.length === 0 && <TeamPanel />}
      </div>
    </section>
  );
}

export function SeatActions({ ids }) {
  const { state: { draft }, run, agents, words: { t, list } } = useDesigner();
  const names = list(ids.map((id) => nameOf(draft, agents, id)));
  return (
    <div className="wd-seat-actions">
      <button type="button" className="btn btn-secondary btn-small" aria-label={t("designer.seat.duplicate_name", { names })} onClick={() => run("duplicate", { ids })}><Copy aria-hidden="true" />{t("designer.seat.duplicate")}</button>
      <button type="button" className="btn btn-secondary btn-small" aria-label={t("designer.seat.remove_name", { names })} onClick={() => run("remove", { ids })}><Trash2 aria-hidden="true" />{t("designer.seat.remove")}</button>
    </div>
  );
}
