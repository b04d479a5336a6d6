/** Why a step went as it did: what each gate saw, and what people decided. */
import { Icon } from "./icons.jsx";
import { sentence } from "./sentence.js";
import { StepStatus } from "./status.jsx";
import { useWords } from "./words.js";

const SIGNS = {
  equals: "=", not_equals: "≠", greater_than: ">", greater_or_equal: "≥", less_than: "<", less_or_equal: "≤",
  contains: "∋", not_contains: "∌",
};

export function Why({ step, team }) {
  const { t } = useWords();
  const conditions = step.details?.conditions;
  return (
    <>
      {(conditions || step.gates.length > 0) && <h3 className="run-parts-title">{t("why.title")}</h3>}
      {conditions && <Conditions seen={conditions} />}
      {step.gates.length > 0 && <Gates gates={step.gates} />}
      {team.length > 0 && <h3 className="run-parts-title">{t("why.team")}</h3>}
      {team.length > 0 && <Gates gates={team} />}
    </>
  );
}

const Gates = ({ gates }) => <ol className="run-gates">{gates.map((gate) => <Gate key={gate.seq} gate={gate} />)}</ol>;

/** Each condition with the value it saw. */
function Conditions({ seen }) {
  const { t } = useWords();
  const shown = (value) => (value === null || value === undefined ? t("details.missing") : typeof value === "string" ? value : JSON.stringify(value));
  return (
    <ul>
      {seen.map((each) => (
        <li key={`${each.field} ${each.operator}`} className="run-condition">
          <StepStatus status={each.holds ? "completed" : "failed"} label="" />
          {t(SIGNS[each.operator] ? "details.seen" : `details.${each.operator}`, { field: each.field, operator: SIGNS[each.operator], value: shown(each.value), actual: shown(each.actual) })}
        </li>
      ))}
    </ul>
  );
}

function Gate({ gate }) {
  const words = useWords();
  const { details } = gate;
  const conditions = details.conditions ?? details.seen?.conditions;
  return (
    <li>
      <time>{words.clock(gate.at)}</time>
      <div>
        <p>{details.decision && <Icon name="asked" size={13} />}{sentence(gate, words)}</p>
        {conditions && <Conditions seen={conditions} />}
      </div>
    </li>
  );
}
