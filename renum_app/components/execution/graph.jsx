/** The run as its workflow: who reads whom, in which status, at what cost; the same moment and selection as the score. */
import { useMemo } from "react";
import { nowOf } from "./clock.js";
import { sum } from "./format.js";
import { stepWord } from "./lane.jsx";
import { layout, NODE, START } from "./layers.js";
import { isFinal } from "./reducer.js";
import { StepStatus } from "./status.jsx";
import { select, useTick } from "./store.js";
import { useWords } from "./words.js";

export function Graph({ executionId, run, selected, wires }) {
  const { t } = useWords();
  const { places, start, edges, width, height } = useMemo(() => layout(run.order, wires), [run.order, wires]);
  useTick(!isFinal(run) && run.shownAt === null);
  const size = { width, height };
  return (
    <div className="run-graph" role="group" aria-label={t("graph.title")} tabIndex={0}>
      <div className="run-graph-sheet" style={size}>
        <svg viewBox={`0 0 ${width} ${height}`} style={size} aria-hidden="true">
          {edges.map((edge) => <path key={`${edge.from} ${edge.to}`} d={edge.path} data-flow={flow(run, edge)} data-conditional={edge.isConditional || undefined} />)}
        </svg>
        <span className="run-graph-start" style={{ left: start.x, top: start.y, ...START }}>{t("details.prompt")}</span>
        <ol>
          {run.order.map((id) => (
            <li key={id} style={{ left: places[id].x, top: places[id].y, width: NODE.width, height: NODE.height }}>
              <Node step={run.steps[id]} now={nowOf(run)} isSelected={id === selected} onSelect={() => select(executionId, id)} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

/** What has come along an edge so far: `done`, `now`, or nothing yet; `off` leads to a member that never runs. */
function flow(run, { from, to }) {
  const target = run.steps[to];
  if (target.status === "skipped" || target.status === "cancelled") return "off";
  if (target.status === "running") return "now";
  if (target.attempts.length || target.reused) return "done";
  return from && run.steps[from].status === "completed" ? "ready" : "none";
}

function Node({ step, now, isSelected, onSelect }) {
  const words = useWords();
  const { money, duration } = words;
  const tone = step.silentSince === null ? step.status : "waiting";
  const took = sum(step.attempts.map((each) => (each.end ?? now) - each.start));
  const facts = [took !== null && duration(took), step.cost !== null && money(step.cost)].filter(Boolean);
  return (
    <button type="button" className="run-node" data-tone={tone} aria-pressed={isSelected} onClick={onSelect}>
      <span className="run-tile-name">{step.name}</span>
      <StepStatus status={step.approval ? "asked" : tone} tone={tone} label={stepWord(step, now, words)} />
      <small>{facts.join(" · ") || words.t(`role.${step.role}`)}</small>
    </button>
  );
}
