/** A bad end told well: what happened, where, what to do; and after a stop, the receipt. */
import { Link } from "react-router";
import { sum } from "./format.js";
import { Icon } from "./icons.jsx";
import { isReady } from "./reducer.js";
import { WayOn } from "./redo.jsx";
import { select, useExecution } from "./store.js";
import { useWords } from "./words.js";

export function ExecutionNotice({ executionId, isBusy, problems, onRetry }) {
  const { run, link } = useExecution(executionId);
  if (link.phase === "not_found" || link.phase === "signed_out" || link.phase === "refused") return <Gone phase={link.phase} />;
  if (!isReady(run)) return null;
  const wayOn = <WayOn executionId={executionId} run={run} isBusy={isBusy} problems={problems} onRetry={onRetry} />;
  if (run.status === "failed") return <Failure executionId={executionId} run={run}>{wayOn}</Failure>;
  if (run.status === "cancelled") return <Receipt run={run}>{wayOn}</Receipt>;
  return null;
}

function Gone({ phase }) {
  const { t } = useWords();
  const url = phase === "signed_out" ? `/login?next=${encodeURIComponent(location.pathname)}` : "/executions";
  return (
    <section className="run-notice" data-tone="waiting" role="alert">
      <Icon name="waiting" size={18} />
      <div>
        <h2>{t(`gone.${phase}.title`)}</h2>
        <p>{t(`gone.${phase}.text`)}</p>
        <p className="run-notice-actions"><a className="btn btn-secondary" href={url}>{t(`gone.${phase}.action`)}</a></p>
      </div>
    </section>
  );
}

function Failure({ executionId, run, children }) {
  const { t, any, problem } = useWords();
  const culprit = run.order.map((id) => run.steps[id]).find((step) => step.status === "failed");
  const code = run.errorCode ?? culprit?.error?.code ?? "agent_failed";
  const told = reason(run, culprit, problem); // says what to do by itself
  const needsKey = code === "credential_missing" || code === "credential_rejected";
  return (
    <section className="run-notice" data-tone="failed" role="alert">
      <Icon name="failed" size={18} />
      <div>
        <h2>{culprit ? t("failure.title_at", { name: culprit.name }) : t(code === "budget_exceeded" ? "failure.title_budget" : "failure.title")}</h2>
        <p>{told || t(`error.${code}.short`, {}, code)}</p>
        {!told && <p className="run-quiet">{t(`error.${code}.todo`, {}, t("error.agent_failed.todo"))}</p>}
        <p className="run-notice-actions">
          {children}
          {needsKey && <Link className="btn btn-secondary" to="/settings">{t("failure.keys")}</Link>}
          {culprit && <button type="button" className="btn btn-secondary" onClick={() => select(executionId, culprit.id)}>{t("failure.show")}</button>}
          <code className="run-code" title={any("executions.failure.code")}>{code}</code>
        </p>
      </div>
    </section>
  );
}

/** The failed member's own reason says more than the team's. */
const reason = (run, culprit, problem) =>
  problem(culprit?.error) || (run.errorKey && problem({ message_key: run.errorKey.key, params: run.errorKey.params, message: run.errorMessage })) || run.errorMessage;

function Receipt({ run, children }) {
  const { t, money, number, duration } = useWords();
  const steps = run.order.map((id) => run.steps[id]);
  const tokens = sum(steps.map((step) => step.tokens ?? sum([step.inputTokens, step.outputTokens])));
  const told = run.receipt ?? {};
  const lines = [["finished", told.finished], ["cut", told.cut], ["never", told.not_started], ["unconfirmed", told.unconfirmed]];
  const name = (id) => run.steps[id]?.name ?? id;
  const after = told.spent_after_stop;
  return (
    <section className="run-notice" data-tone="cancelled" aria-labelledby="run-receipt">
      <Icon name="stop" size={18} />
      <div>
        <h2 id="run-receipt">{t("receipt.title", { time: duration(run.endedAt - (run.startedAt ?? run.endedAt)) })}</h2>
        <dl className="run-receipt">
          {lines.filter(([, list]) => list?.length).map(([key, list]) => (
            <div key={key}><dt>{t(`receipt.${key}`, { n: list.length })}</dt><dd>{list.map(name).join(", ")}</dd></div>
          ))}
          <div><dt>{t("receipt.spent")}</dt><dd>{t("receipt.amount", { cost: money(sum(steps.map((step) => step.cost))), tokens: number(tokens) })}</dd></div>
          {told.ordered_by === "admin" && <div><dt>{t("receipt.ordered_by")}</dt><dd>{told.reason ? t("receipt.admin_because", { reason: told.reason }) : t("receipt.admin")}</dd></div>}
          {after && <div><dt>{t("receipt.after")}</dt><dd>{t("receipt.amount", { cost: money(after.cost_usd), tokens: number(after.tokens) })}</dd></div>}
        </dl>
        <p className="run-notice-actions">{children}</p>
      </div>
    </section>
  );
}
