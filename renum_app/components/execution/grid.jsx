/** AgentStatusGrid: every member as a tile; the overview for big teams. */
import { nowOf } from "./clock.js";
import { sum } from "./format.js";
import { stepWord } from "./lane.jsx";
import { isFinal } from "./reducer.js";
import { StepStatus } from "./status.jsx";
import { select, useTick } from "./store.js";
import { useWords } from "./words.js";

const COUNTED = ["running", "waiting", "pending", "completed", "failed", "skipped", "cancelled"];

export function AgentStatusGrid({ executionId, run, selected }) {
  const { t } = useWords();
  const steps = run.order.map((id) => run.steps[id]);
  useTick(!isFinal(run) && steps.some((step) => step.silentSince !== null));
  const counts = COUNTED.map((status) => [status, steps.filter((step) => step.status === status).length]).filter(([, n]) => n);
  return (
    <div className="run-grid-body">
      <p className="run-grid-counts">
        {counts.map(([status, n]) => (
          <span key={status} data-tone={status} className="run-step-status">{t(`count.${status}`, { n })}</span>
        ))}
      </p>
      <ul className="run-tiles" aria-label={t("grid.title")}>
        {steps.map((step) => (
          <li key={step.id}><Tile step={step} now={nowOf(run)} isSelected={step.id === selected} onSelect={() => select(executionId, step.id)} /></li>
        ))}
      </ul>
    </div>
  );
}

function Tile({ step, now, isSelected, onSelect }) {
  const words = useWords();
  const { t, number, money, duration } = words;
  const tone = step.silentSince === null ? step.status : "waiting";
  const tokens = step.tokens ?? sum([step.inputTokens, step.outputTokens]);
  const took = sum(step.attempts.filter((each) => each.end !== null).map((each) => each.end - each.start));
  const facts = [took !== null && duration(took), tokens !== null && t("lane.tokens", { count: number(tokens) }), step.cost !== null && money(step.cost)];
  return (
    <button type="button" className="run-tile" data-tone={tone} aria-pressed={isSelected} onClick={onSelect}>
      <span className="run-tile-name">{step.name}</span>
      <StepStatus status={step.approval ? "asked" : tone} tone={tone} label={stepWord(step, now, words)} />
      <small>{facts.filter(Boolean).join(" · ") || t(`role.${step.role}`)}</small>
    </button>
  );
}
