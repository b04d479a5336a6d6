/** What the chosen member writes, as it writes it; what it took; the result so far. */
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons.jsx";
import { Markdown } from "./markdown.jsx";
import { isFinal, isReady } from "./reducer.js";
import { ForkButton } from "./redo.jsx";
import { ResultBody } from "./results.jsx";
import { StepStatus } from "./status.jsx";
import { StepDetails } from "./step.jsx";
import { showTab, useExecution } from "./store.js";
import { useWords } from "./words.js";

const TABS = ["output", "details", "result"];

export function LiveOutput({ executionId }) {
  const { run, live, selected, tab } = useExecution(executionId);
  const { t } = useWords();
  const ready = isReady(run);
  const step = selected ? run.steps[selected] : null;
  return (
    <section className="card run-output-card" aria-label={t("output.title")}>
      <header className="card-head run-head run-tabs-head">
        <div role="tablist" className="run-tabs" aria-label={t("output.title")} onKeyDown={(event) => moveTab(event, executionId, tab)}>
          {TABS.map((each) => (
            <button
              key={each} type="button" role="tab" className="tab" id={`run-tab-${each}`} aria-controls="run-tabpanel" aria-selected={tab === each}
              tabIndex={tab === each ? 0 : -1} onClick={() => showTab(executionId, each)}
            >
              {t(`output.tab.${each}${isFinal(run) && each !== "details" ? "_ended" : ""}`)}
            </button>
          ))}
        </div>
        <span className="run-spring" />
        {step && tab !== "result" && <ForkButton executionId={executionId} run={live} step={step} className="run-chip run-wide" />}
        {step && tab !== "result" && <span className="run-chip run-chip-plain"><Icon name="agent" /><span>{step.name}</span></span>}
      </header>
      <div role="tabpanel" id="run-tabpanel" aria-labelledby={`run-tab-${tab}`} className="run-tabpanel" tabIndex={0}>
        {!ready && <Lines />}
        {ready && tab === "output" && <Output key={selected} step={step} run={run} />}
        {ready && tab === "details" && step && <StepDetails step={step} steps={run.steps} team={run.gates} />}
        {ready && tab === "result" && <ResultBody run={run} />}
      </div>
    </section>
  );
}

function moveTab(event, executionId, tab) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
  showTab(executionId, next);
  document.getElementById(`run-tab-${next}`)?.focus();
}

function Output({ step, run }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState(null);
  if (!step) return <p className="run-empty">{t("output.nobody")}</p>;
  const isApproved = step.edited !== null && (chosen === null || chosen === "approved");
  const attempt = step.attempts.find((each) => each.number === chosen) ?? step.attempts.at(-1);
  return (
    <>
      {step.attempts.length + (step.edited === null ? 0 : 1) > 1 && (
        <div className="run-attempts" role="group" aria-label={t("output.attempts")}>
          {step.edited !== null && <button type="button" className="run-chip" aria-pressed={isApproved} onClick={() => setChosen("approved")}><Icon name="asked" size={12} />{t("output.approved")}</button>}
          {step.attempts.map((each) => (
            <button key={each.number} type="button" className="run-chip" aria-pressed={!isApproved && each === attempt} onClick={() => setChosen(each.number)}>
              <span data-tone={each.outcome} className="run-step-status"><Icon name={each.outcome} size={11} /></span>
              {t("output.attempt", { n: each.number })}
            </button>
          ))}
        </div>
      )}
      {isApproved || step.reused ? <Taken step={step} /> : attempt ? <Written attempt={attempt} /> : <NotYet step={step} run={run} />}
    </>
  );
}

/** A text no agent wrote here: taken over, or edited by the person who approved it. */
function Taken({ step }) {
  const { t, money, number } = useWords();
  const said = step.reused ? (step.reused.isGiven ? t("output.given") : t("output.reused", { cost: money(step.reused.cost), tokens: number(step.reused.tokens) })) : t("output.edited");
  return (
    <div className="run-scroll" data-testid="run-text" tabIndex={0} role="region" aria-label={t("output.text")}>
      <p className="run-note" data-tone="completed"><Icon name={step.reused ? "reused" : "asked"} />{said}</p>
      <Markdown text={step.edited ?? textOf(step)} />
    </div>
  );
}

const textOf = (step) => (typeof step.output === "string" ? step.output : (step.output?.text ?? ""));

function Written({ attempt }) {
  const { t, problem } = useWords();
  const isLive = attempt.outcome === "running";
  const { box, isFollowing, follow, onScroll } = useFollow(attempt.text.length, isLive);
  return (
    <div className="run-written">
      <div className="run-scroll" ref={box} onScroll={onScroll} data-testid="run-text" tabIndex={0} role="region" aria-label={t("output.text")}>
        {attempt.text.length === 0 && isLive && <p className="run-empty"><span className="run-thinking">{t("output.thinking")}</span></p>}
        {attempt.text.length === 0 && !isLive && <p className="run-empty">{t("output.nothing")}</p>}
        {attempt.text.length > 0 && <Markdown text={attempt.text.value} isStreaming={isLive} />}
        {attempt.outcome === "failed" && <p className="run-note" data-tone="failed"><Icon name="failed" />{problem(attempt.error) || t("step.failed")}</p>}
        {attempt.outcome === "interrupted" && <p className="run-note" data-tone="waiting"><Icon name="interrupted" />{t("output.interrupted")}</p>}
      </div>
      {!isFollowing && isLive && <button type="button" className="run-chip run-back" onClick={follow}><Icon name="down" />{t("back_to_live")}</button>}
    </div>
  );
}

/** Stay at the end while text grows, until the person scrolls away; a text that is whole is read from its beginning. */
function useFollow(length, isLive) {
  const box = useRef(null);
  const [isFollowing, setFollowing] = useState(isLive);
  const follow = () => {
    setFollowing(true);
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useEffect(() => {
    if (isFollowing && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [length, isFollowing]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    setFollowing(isLive && scrollHeight - scrollTop - clientHeight < 24);
  };
  return { box, isFollowing, follow, onScroll };
}

function NotYet({ step, run }) {
  const { t } = useWords();
  const key = step.status === "pending" && isFinal(run) ? "never" : step.status;
  return (
    <div className="run-empty">
      <StepStatus status={step.status} />
      <p>{t(`output.empty.${key}`, {}, "")}</p>
      {step.reason && <p className="run-quiet">{t(`reason.${step.reason}`, {}, step.reason)}</p>}
    </div>
  );
}

const Lines = () => (
  <div className="run-lines">{[92, 84, 88, 60].map((width) => <span key={width} className="skeleton" style={{ width: `${width}%` }}>&nbsp;</span>)}</div>
);
