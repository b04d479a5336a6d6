/** The ways on from an ended execution: retry, resume, fork; and where this one came from. */
import { Link } from "react-router";
import { budgetOf } from "./budget.js";
import { ForkDialog } from "./fork.jsx";
import { Icon } from "./icons.jsx";
import { isFinal, isReady } from "./reducer.js";
import { Problem } from "./redo_dialog.jsx";
import { ResumeDialog } from "./resume.jsx";
import { closeDialog, openDialog, useExecution } from "./store.js";
import { useWords } from "./words.js";

/** The dialog that is open, if any. */
export function RedoDialogs({ executionId, prompt, version, currentVersion, capUsd, capTokens, forecast, problems, isBusy, onForesee, onFork, onResume }) {
  const { live: run, dialog } = useExecution(executionId);
  if (!dialog || dialog.kind === "stop" || !isReady(run)) return null;
  const shared = { run, problems, isBusy, onClose: () => closeDialog(executionId) };
  if (dialog.kind === "resume") return <ResumeDialog {...shared} capUsd={capUsd} capTokens={capTokens} onResume={onResume} />;
  return <ForkDialog {...shared} from={dialog.step} prompt={prompt} version={version} currentVersion={currentVersion} forecast={forecast} onForesee={onForesee} onFork={onFork} />;
}

/** What fits the way it ended: a higher limit, or again from where it failed. */
export function WayOn({ executionId, run, isBusy, problems, onRetry }) {
  const { t } = useWords();
  const budget = run.errorCode === "budget_exceeded" ? budgetOf(run) : null;
  if (budget === "own") {
    return <button type="button" className="btn btn-primary" onClick={() => openDialog(executionId, { kind: "resume" })}><Icon name="raise" />{t("resume.label")}</button>;
  }
  const word = run.status === "cancelled" || budget ? "retry.stopped" : "retry.failed";
  return (
    <>
      <Problem problem={problems?.[""]} />
      <button type="button" className="btn btn-primary" disabled={isBusy} onClick={onRetry}><Icon name="repeat" />{t(isBusy ? "redo.starting" : word)}</button>
      {budget === "person" && <Link className="btn btn-secondary" to="/settings/costs">{t("budget.person")}</Link>}
      {budget === "team" && <Link className="btn btn-secondary" to={`/teams/${run.teamId}/edit`}>{t("budget.team")}</Link>}
    </>
  );
}

export function ForkButton({ executionId, run, step, className = "btn btn-secondary" }) {
  const { t } = useWords();
  if (!step || !isFinal(run)) return null;
  return (
    <button type="button" className={className} onClick={() => openDialog(executionId, { kind: "fork", step: step.id })} aria-label={`${t("fork.label")} ${step.name}`}>
      <Icon name="fork" />{t("fork.label")}
    </button>
  );
}

/** "Bifurcada de … a partir de Redator"; and what was made of this one. */
export function Lineage({ run, lineage }) {
  const { t, ago } = useWords();
  if (!lineage?.kind && !lineage?.children?.length) return null;
  const name = (id) => run.steps[id]?.name ?? id;
  const changed = (lineage.changed ?? []).map((each) => t(`redo.changed.${each}`)).join(", ");
  return (
    <p className="run-lineage">
      {lineage.kind && (
        <span>
          <Icon name={lineage.kind === "fork" ? "fork" : lineage.kind === "resume" ? "raise" : "repeat"} size={13} />
          {t(`redo.${lineage.kind}_of`)}{" "}
          <Link className="link" to={`/executions/${lineage.parent_id}`}>{t("redo.parent")}</Link>
          {lineage.from_step && <>, {t("redo.from_step", { name: name(lineage.from_step) })}</>}
          {changed && <> ({t("redo.with", { changed })})</>}
        </span>
      )}
      {lineage.children?.length > 0 && (
        <span>
          {t("redo.children", { n: lineage.children.length })}{" "}
          {lineage.children.map((child, place) => (
            <span key={child.execution_id}>{place > 0 && ", "}<Link className="link" to={`/executions/${child.execution_id}`}>{t(`redo.child_${child.kind}`, { ago: ago(Date.parse(child.created_at), Date.now()) })}</Link></span>
          ))}
        </span>
      )}
    </p>
  );
}
