/** The facts of one member's turn: model, usage, every attempt and why it ended. */
import { StepStatus } from "./status.jsx";
import { sum } from "./format.js";
import { useWords } from "./words.js";

export function StepDetails({ step }) {
  const { t, number, money, duration } = useWords();
  const took = sum(step.attempts.filter((each) => each.end !== null).map((each) => each.end - each.start));
  const basis = step.cost === null ? "" : ` · ${t(`basis.${step.costBasis ?? "measured"}`, {}, "")}`;
  const facts = [
    ["status", <StepStatus key="status" status={step.status} />],
    step.reason && ["why", t(`reason.${step.reason}`, {}, step.reason)],
    ["role", t(`role.${step.role}`)],
    ["model", step.model || "—"],
    ["backend", t(`backend.${step.backend}`, {}, step.backend || "—")],
    ["input_tokens", number(step.inputTokens)],
    ["output_tokens", number(step.outputTokens)],
    ["cost", money(step.cost) + basis],
    ["took", duration(took)],
  ].filter(Boolean);
  return (
    <div className="run-scroll run-details" tabIndex={0} role="region" aria-label={t("output.tab.details")}>
      <dl className="run-facts-grid">
        {facts.map(([key, value]) => <div key={key}><dt>{t(`details.${key}`)}</dt><dd>{value}</dd></div>)}
      </dl>
      {step.attempts.length > 0 && <Attempts step={step} />}
    </div>
  );
}

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
