/** The agents that can be given a seat: dragged onto the canvas, or picked. */
import { useEffect, useMemo, useRef, useState } from "react";
import { ChevronLeft, Plus, Search, X } from "lucide-react";
import { membersOf } from "./draft.js";
import { useDesigner } from "./store.js";
import { initials } from "./words.js";

export const DRAGGED_AGENT = "application/x-renum-agent";
const FEW = 6;
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Beside the canvas, until it is put away. */
export function Palette({ onPick, onClose }) {
  const { words: { t } } = useDesigner();
  return (
    <section className="wd-palette" aria-label={t("designer.palette.title")}>
      <header className="wd-palette-head">
        <h2>{t("designer.palette.title")}</h2>
        <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.palette.hide")} title={t("designer.palette.hide")} onClick={onClose}><ChevronLeft aria-hidden="true" /></button>
      </header>
      <AgentList onPick={onPick} isDraggable />
    </section>
  );
}

/** Over everything, asking who comes next. */
export function AddMember({ isOpen, onPick, onClose }) {
  const { words: { t } } = useDesigner();
  const dialog = useRef(null);
  useEffect(() => {
    if (!isOpen) {
      dialog.current.close();
      return;
    }
    dialog.current.showModal();
    dialog.current.querySelector("input").focus();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="dialog wd-add-dialog" aria-label={t("designer.add")} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <header className="wd-dialog-head">
        <h2>{t("designer.add")}</h2>
        <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.close")} onClick={onClose}><X aria-hidden="true" /></button>
      </header>
      {isOpen && <AgentList onPick={onPick} isSearched />}
    </dialog>
  );
}

function AgentList({ onPick, isDraggable = false, isSearched = false }) {
  const { state: { draft }, agents, words: { t } } = useDesigner();
  const [sought, setSought] = useState("");
  const seats = useMemo(() => Object.groupBy(membersOf(draft), (member) => member.agent_id), [draft]);
  const found = [...agents.values()].filter((agent) => folded(`${agent.name} ${agent.description}`).includes(folded(sought.trim())));
  const pickFirst = (event) => {
    if (event.key !== "Enter" || !found[0]) return;
    event.preventDefault();
    onPick(found[0].agent_id);
  };
  return (
    <>
      {(agents.size > FEW || isSearched) && (
        <div className="search">
          <Search aria-hidden="true" />
          <input className="input input-small" type="search" aria-label={t("teams.form.find_agent")} placeholder={t("teams.form.find_agent")} value={sought} onChange={(event) => setSought(event.target.value)} onKeyDown={pickFirst} />
        </div>
      )}
      <ul className="wd-agents">
        {found.map((agent) => (
          <li key={agent.agent_id}>
            <button
              type="button" className="wd-agent" draggable={isDraggable || undefined} aria-label={t("designer.palette.add_name", { name: agent.name })}
              onDragStart={isDraggable ? (event) => event.dataTransfer.setData(DRAGGED_AGENT, agent.agent_id) : undefined} onClick={() => onPick(agent.agent_id)}
            >
              <span className="wd-face" aria-hidden="true">{initials(agent.name)}</span>
              <span className="wd-agent-words">
                <span className="truncate">{agent.name}</span>
                <span className="truncate">{agent.backend === "rehearsal" ? t("backend.rehearsal") : agent.model || t("teams.default_model")}</span>
              </span>
              {seats[agent.agent_id] ? <span className="tag">{t("designer.palette.seats", { n: seats[agent.agent_id].length })}</span> : <Plus aria-hidden="true" />}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="field-hint">{t("teams.form.no_agents")}</p>}
      <a className="link wd-new-agent" href="/agents/new">{t("teams.form.make_agent")}</a>
    </>
  );
}
