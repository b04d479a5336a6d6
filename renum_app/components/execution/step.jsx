/** The facts of one member's turn: model, usage, every attempt and why it ended. */
import { StepStatus } from "./status.jsx";
import { sum } from "./format.js";
import { useWords } from "./words.js";

const SIGNS = {
  equals: "=", not_equals: "≠", greater_than: ">", greater_or_equal: "≥", less_than: "<", less_or_equal: "≤",
  contains: "∋", not_contains: "∌",
};

export function StepDetails({ step, steps }) {
  const { t, number, money, duration } = useWords();
  const took = sum(step.attempts.filter((each) => each.end !== null).map((each) => each.end - each.start));
  const basis = step.cost === null ? "" : ` · ${t(`basis.${step.costBasis ?? "measured"}`, {}, "")}`;
  const facts = [
    ["status", <StepStatus key="status" status={step.status} />],
    step.reason && ["why", t(`reason.${step.reason}`, {}, step.reason)],
    ["role", t(`role.${step.role}`)],
    ["model", step.model || "—"],
    ["backend", t(`backend.${step.backend}`, {}, step.backend || "—")],
    step.attempts.length > 0 && ["reads", step.attempts.at(-1).reads.map((origin) => source(origin, steps, t)).join(", ") || "—"],
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
      {step.details?.conditions && <Conditions seen={step.details.conditions} />}
      {step.attempts.length > 0 && <Attempts step={step} />}
    </div>
  );
}

const source = (origin, steps, t) => (origin === "initial_prompt" ? t("details.prompt") : (steps[origin]?.name ?? origin));

/** Why a gate said no: each condition with the value it saw. */
function Conditions({ seen }) {
  const { t } = useWords();
  const shown = (value) => (value === null || value === undefined ? t("details.missing") : typeof value === "string" ? value : JSON.stringify(value));
  return (
    <>
      <h3 className="run-parts-title">{t("details.conditions")}</h3>
      <ul>
        {seen.map((each) => (
          <li key={`${each.field} ${each.operator}`} className="run-condition">
            <StepStatus status={each.holds ? "completed" : "failed"} label="" />
            {t(SIGNS[each.operator] ? "details.seen" : `details.${each.operator}`, { field: each.field, operator: SIGNS[each.operator], value: shown(each.value), actual: shown(each.actual) })}
          </li>
        ))}
      </ul>
    </>
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
