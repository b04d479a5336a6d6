/** A member as a card on the canvas, and the card that stands for what the team is asked. */
import { Handle, Position } from "@xyflow/react";
import { Clock, Hand, LifeBuoy, Repeat, TriangleAlert, Wallet } from "lucide-react";
import { HEIGHT, PROMPT_WIDTH, WIDTH } from "./layout.js";
import { idOf, isCoordinator, isParallel, sourcesOf, stepsOf } from "./draft.js";
import { useDesigner } from "./store.js";
import { conditionShort, initials, joinWords, nameOf, readingWords } from "./words.js";

export function MemberNode({ data: { member }, selected }) {
  const { state: { draft }, agents, words, problems } = useDesigner();
  const id = idOf(member);
  const name = nameOf(draft, agents, id);
  const isMissing = !agents.has(member.agent_id);
  const isWrong = problems.some((problem) => problem.id === id);
  return (
    <div className="wd-node" data-role={member.role} data-wrong={isWrong || isMissing || undefined} data-selected={selected || undefined} style={{ width: WIDTH, height: HEIGHT }}>
      <Handle type="target" position={Position.Left} />
      <span className="wd-face" aria-hidden="true">{initials(name)}</span>
      <span className="wd-node-words">
        <span className="wd-node-name" title={name}>{name}</span>
        <span className="wd-node-sub">{subtitle(draft, member, agents, words)}</span>
      </span>
      <span className="wd-node-end">
        <span className="wd-step">{stepsOf(draft)[id]}</span>
        <Badges member={member} words={words} isWrong={isWrong || isMissing} />
      </span>
      <Handle type="source" position={Position.Right} />
    </div>
  );
}

function subtitle(draft, member, agents, words) {
  const { t } = words;
  if (member.conditions?.length) return t("designer.node.if", { condition: conditionShort(member, words) });
  if (isCoordinator(member) && isParallel(draft)) return `${t("designer.role_word.coordinator")} · ${joinWords(draft, words)}`;
  const sources = sourcesOf(member);
  const from = sources.length === 1 && sources[0].type === "agent_result" ? t("designer.node.from", { name: nameOf(draft, agents, sources[0].agent_id) }) : readingWords(draft, member, agents, words);
  const reading = sources.length > 1 ? t("designer.node.combines", { n: sources.length }) : from;
  return `${t(`designer.role_word.${member.role}`)} · ${reading}`;
}

function Badges({ member, words: { t }, isWrong }) {
  const has = [
    [isWrong, TriangleAlert, "designer.badge.wrong", "failed"],
    [member.requires_approval && member.requires_approval !== "none", Hand, "designer.badge.approval", "waiting"],
    [member.on_failure === "fallback", LifeBuoy, "designer.badge.fallback"],
    [member.on_failure === "continue", Repeat, "designer.badge.continue"],
    [member.timeout_seconds, Clock, "designer.badge.timeout"],
    [member.config?.max_tokens, Wallet, "designer.badge.tokens"],
  ];
  const shown = has.filter(([holds]) => holds).slice(0, 3);
  return (
    <span className="wd-badges">
      {shown.map(([, Icon, key, tone]) => (
        <span key={key} role="img" aria-label={t(key)} title={t(key)} data-tone={tone}><Icon aria-hidden="true" /></span>
      ))}
    </span>
  );
}

export function PromptNode() {
  const { words: { t } } = useDesigner();
  return (
    <div className="wd-prompt" style={{ width: PROMPT_WIDTH, height: HEIGHT }}>
      <span>{t("designer.node.prompt")}</span>
      <strong>{t("designer.node.start")}</strong>
      <Handle type="source" position={Position.Right} />
    </div>
  );
}

/** How the branches come together, where no coordinator gathers them. */
export function ResultNode() {
  const { state: { draft }, words } = useDesigner();
  return (
    <div className="wd-prompt" style={{ width: PROMPT_WIDTH, height: HEIGHT }}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <strong>{words.t("designer.node.result")}</strong>
      <span>{joinWords(draft, words)}</span>
    </div>
  );
}
