/** The facts of one member's turn: model, usage, every attempt and why it ended. */
import { Link } from "react-router";
import { sum } from "./format.js";
import { StepStatus } from "./status.jsx";
import { Why } from "./why.jsx";
import { useWords } from "./words.js";

export function StepDetails({ step, steps, team }) {
  const { t, number, money, duration } = useWords();
  const took = sum(step.attempts.filter((each) => each.end !== null).map((each) => each.end - each.start));
  const basis = step.cost === null ? "" : ` · ${t(`basis.${step.costBasis ?? "measured"}`, {}, "")}`;
  const facts = [
    ["status", <StepStatus key="status" status={step.status} />],
    step.reused?.origin && ["from", <Link key="from" className="link" to={`/executions/${step.reused.origin}`}>{t("details.earlier")}</Link>],
    step.reused && !step.reused.isGiven && ["spared", t("details.spared_amount", { cost: money(step.reused.cost), tokens: number(step.reused.tokens) })],
    step.reason && ["why", t(`reason.${step.reason}`, {}, step.reason)],
    ["role", t(`role.${step.role}`)],
    ["model", step.model || "—"],
    ["backend", t(`backend.${step.backend}`, {}, step.backend || "—")],
    step.attempts.length > 0 && ["reads", step.attempts.at(-1).reads.map((origin) => source(origin, steps, t)).join(", ") || "—"],
    ["input_tokens", number(step.inputTokens)],
    ["output_tokens", number(step.outputTokens)],
    ["cost", money(step.cost) + basis],
    step.billed !== null && ["billed", money(step.billed)],
    ["took", duration(took)],
  ].filter(Boolean);
  return (
    <div className="run-scroll run-details" tabIndex={0} role="region" aria-label={t("output.tab.details")}>
      <dl className="run-facts-grid">
        {facts.map(([key, value]) => <div key={key}><dt>{t(`details.${key}`)}</dt><dd>{value}</dd></div>)}
      </dl>
      <Why step={step} team={team} />
      {step.attempts.length > 0 && <Attempts step={step} />}
    </div>
  );
}

const source = (origin, steps, t) => (origin === "initial_prompt" ? t("details.prompt") : (steps[origin]?.name ?? origin));

function Attempts({ step }) {
  const { t, duration, clock, problem } = useWords();
  return (
    <table className="run-table">
      <caption>{t("details.attempts")}</caption>
      <thead><tr><th scope="col">#</th><th scope="col">{t("details.start")}</th><th scope="col">{t("details.length")}</th><th scope="col">{t("details.outcome")}</th></tr></thead>
      <tbody>
        {step.attempts.map((each) => (
          <tr key={each.number}>
            <td>{each.number}</td>
            <td>{clock(each.start)}</td>
            <td>{each.end === null ? "…" : duration(each.end - each.start)}</td>
            <td><StepStatus status={each.outcome} />{each.error && <small>{problem(each.error)}</small>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
