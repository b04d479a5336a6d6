/** Who runs what, in which status, and the one order that matters: stop. */
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { nowOf } from "./clock.js";
import { firstLine } from "./format.js";
import { Icon } from "./icons.jsx";
import { isFinal, isReady } from "./reducer.js";
import { ForkButton, Lineage } from "./redo.jsx";
import { LinkStatus, RunStatus } from "./status.jsx";
import { closeDialog, openDialog, useExecution, useTick } from "./store.js";
import { useKeys } from "./keys.js";
import { useWords } from "./words.js";

export function ExecutionHeader({ executionId, teamName, teamUrl, prompt, strategy, rehearsal, lineage, onStop, onEnd, againUrl }) {
  const { run, live, link, selected, dialog } = useExecution(executionId);
  const { t } = useWords();
  const ready = isReady(run);
  const isOver = ready && isFinal(live);
  const wasLive = useRef(false);
  useKeys(executionId);
  useEffect(() => {
    if (isOver && wasLive.current) onEnd?.();
    wasLive.current = ready && !isOver;
  }, [ready, isOver]);
  useEffect(() => {
    if (teamName) document.title = `${teamName}: ${firstLine(prompt)} · Renum`;
  }, [teamName, prompt]);
  return (
    <header className="run-header">
      <div className="run-header-text">
        <div className="run-title">
          <h1>
            {teamName ? <Link to={teamUrl}>{teamName}</Link> : <span className="skeleton" style={{ width: "11ch" }}>&nbsp;</span>}
            {prompt && <span className="run-title-prompt" title={prompt}>{firstLine(prompt)}</span>}
          </h1>
        </div>
        <div className="run-facts">
          {ready && <RunStatus run={run} />}
          {rehearsal && <span className="tag">{t("rehearsal")}</span>}
          <Facts run={run} ready={ready} strategy={strategy} />
          {prompt && prompt.trim() !== firstLine(prompt) && <WholePrompt prompt={prompt} />}
          {link.phase !== "live" && <LinkStatus run={run} link={link} />}
        </div>
        {ready && <Lineage run={run} lineage={lineage} />}
      </div>
      <div className="run-actions">
        {isOver && <ForkButton executionId={executionId} run={live} step={live.steps[selected ?? live.order[0]]} />}
        {isOver && againUrl && (
          <Link className="btn btn-secondary" to={againUrl}><Icon name="repeat" />{t("again")}</Link>
        )}
        {ready && !isFinal(live) && <StopButton executionId={executionId} run={live} isWanted={dialog?.kind === "stop"} onStop={onStop} />}
      </div>
    </header>
  );
}

/** What was asked, beyond its first line. */
function WholePrompt({ prompt }) {
  const { t } = useWords();
  return (
    <details className="run-prompt">
      <summary>{t("prompt.whole")}</summary>
      <p>{prompt}</p>
    </details>
  );
}

function Facts({ run, ready, strategy }) {
  const { t, ago, moment, duration } = useWords();
  useTick(ready && !isFinal(run));
  if (!ready) return <span className="skeleton" style={{ width: "28ch" }}>&nbsp;</span>;
  const start = run.startedAt ?? run.acceptedAt;
  const facts = [
    run.totalSteps > 0 && !isFinal(run) && t("step_of", { step: run.currentStep, total: run.totalSteps }),
    run.totalSteps > 0 && isFinal(run) && t("steps", { n: run.totalSteps }),
  ].filter(Boolean);
  return (
    <span className="run-facts-line">
      {strategy && <span className="run-wide">{t(`strategy.${strategy}`)}{facts.length > 0 && " · "}</span>}
      {facts.join(" · ")}
      {start && (
        <span title={moment(start)}>
          {facts.length ? " · " : ""}
          {isFinal(run) ? t("ended_ago", { ago: ago(run.endedAt, Date.now()) }) : startedAgo(run, start, t, duration)}
        </span>
      )}
    </span>
  );
}

const startedAgo = (run, start, t, duration) =>
  t("started_ago", { time: duration(Math.max(1000, Math.floor((nowOf(run) - start) / 1000) * 1000)) });

function StopButton({ executionId, run, isWanted, onStop }) {
  const { t } = useWords();
  const dialog = useRef(null);
  const [asked, setAsked] = useState(false);
  const steps = run.order.map((id) => run.steps[id]);
  const cut = steps.filter((step) => ["running", "waiting"].includes(step.status));
  const never = steps.filter((step) => step.status === "pending").length;
  const isStopping = run.stopping;
  useEffect(() => {
    if (isWanted && !isStopping && !dialog.current.open) dialog.current.showModal();
  }, [isWanted, isStopping]);
  const stop = () => {
    dialog.current.close();
    setAsked(true);
    onStop?.();
  };
  return (
    <>
      <button type="button" className="btn btn-danger" disabled={isStopping} onClick={() => openDialog(executionId, { kind: "stop" })}>
        <Icon name="stop" />
        {isStopping ? t("stop.stopping") : t("stop.label")}
      </button>
      <dialog ref={dialog} className="dialog run-dialog" aria-labelledby="run-stop-title" onClose={() => closeDialog(executionId)}>
        <h2 id="run-stop-title">{t("stop.title")}</h2>
        <ul>
          {cut.length > 0 && <li>{t("stop.cut", { n: cut.length, names: cut.map((step) => step.name).join(", ") })}</li>}
          {never > 0 && <li>{t("stop.never", { n: never })}</li>}
          <li>{t("stop.kept")}</li>
        </ul>
        {asked && <p className="run-quiet">{t("stop.asked")}</p>}
        <div className="run-dialog-actions">
          <button type="button" className="btn btn-secondary" autoFocus onClick={() => dialog.current.close()}>{t("stop.keep")}</button>
          <button type="button" className="btn run-danger-fill" onClick={stop}><Icon name="stop" />{t("stop.confirm")}</button>
        </div>
      </dialog>
    </>
  );
}
