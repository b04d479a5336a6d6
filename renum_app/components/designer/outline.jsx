/** The same team as a recipe in words: read from top to bottom, changed with buttons and fields alone. */
import { ArrowDown, ArrowUp, ChevronDown, Plus } from "lucide-react";
import { find, groupsOf, isCoordinator, isParallel, kindOf, membersOf } from "./draft.js";
import { SeatActions } from "./inspector.jsx";
import { Check } from "./fields.jsx";
import { MemberPanel } from "./member_panel.jsx";
import { useDesigner } from "./store.js";
import { TeamPanel } from "./team_panel.jsx";
import { conditionWords, initials, joinWords, nameOf, readingWords } from "./words.js";

export function Outline({ onAddMember }) {
  const { state: { draft }, words, isEmbedded } = useDesigner();
  const { t } = words;
  const groups = groupsOf(draft);
  return (
    <div className="wd-outline">
      <p className="wd-outline-lead">{t(`designer.outline.${kindOf(draft)}`)}{isParallel(draft) && ` ${t("designer.outline.join", { join: joinWords(draft, words) })}`}</p>
      {groups.length === 0 && <p className="wd-outline-empty">{t("designer.outline.empty")}</p>}
      <ol className="wd-recipe">
        {groups.map((group, place) => (
          <li key={group[0]} className="wd-recipe-step">
            <h2 className="wd-recipe-head"><span className="wd-recipe-number">{place + 1}</span>{t(group.length > 1 ? "designer.outline.together" : "designer.outline.step", { n: place + 1 })}</h2>
            <ul>{group.map((id) => <Seat key={id} id={id} group={place} groups={groups} />)}</ul>
          </li>
        ))}
      </ol>
      <button type="button" className="btn btn-secondary wd-add" onClick={() => onAddMember({ after: null })}><Plus aria-hidden="true" />{t("designer.add")}</button>
      {(!isEmbedded || isParallel(draft)) && (
        <section className="wd-outline-team" aria-labelledby="wd-outline-team">
          <h2 id="wd-outline-team">{t("designer.team.title")}</h2>
          <TeamPanel />
        </section>
      )}
    </div>
  );
}

function Seat({ id, group, groups }) {
  const { state: { draft, selection }, run, select, agents, words, problems } = useDesigner();
  const { t } = words;
  const member = find(draft, id);
  const name = nameOf(draft, agents, id);
  const isOpen = selection.length === 1 && selection[0] === id;
  const isWrong = problems.some((problem) => problem.id === id);
  const isFirst = isParallel(draft) ? membersOf(draft)[0] === member : group === 0 && groups[0].length === 1;
  const isLast = isParallel(draft) ? membersOf(draft).at(-1) === member : group === groups.length - 1 && groups.at(-1).length === 1;
  const keys = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    run("move", { id, by });
  };
  return (
    <li className="wd-recipe-seat" data-open={isOpen || undefined} data-wrong={isWrong || undefined} data-seat={id}>
      <div className="wd-recipe-row">
        <button type="button" className="wd-recipe-toggle" aria-expanded={isOpen} onClick={() => select(isOpen ? [] : [id])} onKeyDown={keys}>
          <span className="wd-face" aria-hidden="true">{initials(name)}</span>
          <span className="wd-recipe-words"><strong>{name}</strong> {sentenceOf(draft, member, agents, words)}</span>
          <ChevronDown aria-hidden="true" className="wd-turn" />
        </button>
        <span className="wd-recipe-moves">
          <button type="button" className="btn btn-quiet btn-icon btn-small" disabled={isFirst} aria-label={t("teams.form.up", { name })} title={t("teams.form.up", { name })} onClick={() => run("move", { id, by: -1 })}><ArrowUp aria-hidden="true" /></button>
          <button type="button" className="btn btn-quiet btn-icon btn-small" disabled={isLast} aria-label={t("teams.form.down", { name })} title={t("teams.form.down", { name })} onClick={() => run("move", { id, by: 1 })}><ArrowDown aria-hidden="true" /></button>
        </span>
      </div>
      {isOpen && (
        <div className="wd-recipe-panel">
          <div className="wd-recipe-tools">
            <SeatActions ids={[id]} />
            {!isParallel(draft) && group > 0 && !isCoordinator(member) && groups[group].length === 1 && <Check label={t("teams.form.together")} value={false} onChange={() => run("together", { id, isTogether: true })} />}
            {!isParallel(draft) && groups[group].length > 1 && <Check label={t("designer.outline.runs_together")} value onChange={() => run("together", { id, isTogether: false })} />}
          </div>
          <MemberPanel member={member} />
        </div>
      )}
    </li>
  );
}

/** One member as a sentence: when it works, what it reads, who is asked, what happens on failure. */
function sentenceOf(draft, member, agents, words) {
  const { t } = words;
  const asked = member.requires_approval ?? "none";
  const parts = [
    member.role !== "member" && t(`designer.role_word.${member.role ?? "member"}`),
    t("designer.says.reads", { reading: readingWords(draft, member, agents, words) }),
    member.conditions?.length > 0 && t("designer.says.only_if", { condition: conditionWords(member, words) }),
    asked !== "none" && t(`designer.says.approval_${asked}`),
    member.retry?.max_attempts && t("designer.says.attempts", { n: member.retry.max_attempts }),
    member.on_failure === "continue" && t("designer.says.continue"),
    member.on_failure === "fallback" && t("designer.says.fallback", { name: agents.get(member.fallback_agent_id)?.name ?? "…" }),
  ];
  return parts.filter(Boolean).join("; ");
}

