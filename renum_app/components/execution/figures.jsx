/** The four figures of a run: progress, cost, tokens, time. Unknown is a dash, never zero. */
import { nowOf } from "./clock.js";
import { sum } from "./format.js";
import { isFinal, isReady } from "./reducer.js";
import { isUntold } from "./steps.js";
import { useExecution, useTick } from "./store.js";
import { useWords } from "./words.js";

export function ExecutionFigures({ executionId, capUsd, rehearsal }) {
  const { run } = useExecution(executionId);
  const ready = isReady(run);
  return (
    <dl className="card stats run-figures" data-count="4">
      <Progress run={run} ready={ready} />
      <Cost run={run} ready={ready} capUsd={capUsd} rehearsal={rehearsal} />
      <Tokens run={run} ready={ready} />
      <Time run={run} ready={ready} />
    </dl>
  );
}

function Figure({ label, value, note, ready, children, className = "" }) {
  return (
    <div className={`stat ${className}`}>
      <dt className="stat-label">{label}</dt>
      <dd className="stat-value">{ready ? value : <span className="skeleton" style={{ width: "5ch" }}>&nbsp;</span>}</dd>
      <dd className="stat-note run-figure-note">{ready && (children ?? note)}</dd>
    </div>
  );
}

function Progress({ run, ready }) {
  const { t } = useWords();
  const value = `${isFinal(run) ? settled(run) : run.currentStep} / ${run.totalSteps}`;
  return (
    <Figure label={t("figures.progress")} value={value} ready={ready}>
      <span className="run-meter" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={run.progress} aria-label={t("figures.progress")}>
        {run.order.length <= 24
          ? run.order.map((id) => <i key={id} data-tone={run.steps[id].status} />)
          : <i className="run-meter-fill" style={{ flexGrow: 0, width: `${run.progress}%` }} data-tone={run.status} />}
      </span>
    </Figure>
  );
}

/** After the end only what succeeded, or did not need to run, counts as progress. */
const settled = (run) => run.order.filter((id) => ["completed", "skipped"].includes(run.steps[id].status)).length;

function Cost({ run, ready, capUsd, rehearsal }) {
  const { t, money } = useWords();
  const steps = run.order.map((id) => run.steps[id]);
  const cost = sum(steps.map((step) => step.cost)) ?? (rehearsal ? 0 : null);
  const isEstimate = steps.some((step) => step.costBasis === "estimated");
  const isPartial = cost !== null && steps.some((step) => step.cost === null && (step.tokens || isUntold(step)));
  const label = (
    <>
      {t("figures.cost")}
      {capUsd > 0 && <span className="run-wide"> · {t("figures.cap", { cap: money(capUsd) })}</span>}
    </>
  );
  const spared = sum(steps.map((step) => step.reused?.cost));
  const note = spared ? t("figures.spared", { cost: money(spared) }) : t(`figures.${costNote({ rehearsal, isPartial, isEstimate, cost, isUsed: steps.some((step) => step.tokens || isUntold(step)) })}`);
  const billed = sum(steps.map((step) => step.billed));
  return (
    <Figure label={label} value={isPartial ? `≥ ${money(cost)}` : money(cost)} ready={ready} note={<>{note}{billed !== null && <span className="run-wide"> · {t("figures.billed", { cost: money(billed) })}</span>}</>} className="run-cost">
      {capUsd > 0 && cost !== null ? (
        <span className="run-meter"><i className="run-meter-fill" style={{ flexGrow: 0, width: `${Math.min(100, (cost / capUsd) * 100)}%` }} data-tone={cost > capUsd * 0.8 ? "waiting" : "completed"} /></span>
      ) : undefined}
    </Figure>
  );
}

function costNote({ rehearsal, isPartial, isEstimate, cost, isUsed }) {
  if (rehearsal) return "free";
  if (isPartial) return "partial";
  if (isEstimate) return "estimated";
  if (cost !== null) return "measured";
  return isUsed ? "unknown" : "not_yet";
}

function Tokens({ run, ready }) {
  const { t, number } = useWords();
  const steps = run.order.map((id) => run.steps[id]);
  const [input, output] = [sum(steps.map((step) => step.inputTokens)), sum(steps.map((step) => step.outputTokens))];
  const total = sum(steps.map((step) => step.tokens)) ?? sum([input, output]);
  const isPartial = total !== null && steps.some(isUntold);
  const split = input === null ? "" : t("figures.tokens_split", { input: number(input), output: number(output) });
  const note = isPartial ? t("figures.partial") : split;
  return <Figure className="run-wide" label={t("figures.tokens")} value={isPartial ? `≥ ${number(total)}` : number(total)} ready={ready} note={note} />;
}

function Time({ run, ready }) {
  const { t, duration, clock } = useWords();
  const isLive = ready && !isFinal(run);
  useTick(isLive && run.shownAt === null);
  const start = run.startedAt;
  const now = nowOf(run);
  if (!isLive) {
    const took = ready && start !== null ? run.endedAt - start : null;
    return <Figure label={t("figures.took")} value={duration(took)} ready={ready} note={start ? t("figures.from_to", { from: clock(start), to: clock(run.endedAt) }) : ""} />;
  }
  const elapsed = start === null ? null : Math.floor(Math.max(0, now - start) / 1000) * 1000;
  const left = run.expectedEnd && run.expectedEnd > now ? run.expectedEnd - now : null;
  const note = left === null ? t("figures.no_forecast") : t("figures.left", { time: duration(Math.ceil(left / 1000) * 1000) });
  return <Figure label={t("figures.elapsed")} value={duration(elapsed)} ready={ready} note={note} />;
}
