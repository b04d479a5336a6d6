/**
 * The Partitura: a lane per member, a bar per attempt, time from left to right, one lime line that means "now".
 *
 * The line and the running bars move by one CSS variable, so that a frame costs no React render.
 */
import { useEffect, useRef, useState } from "react";
import { tickLabel } from "./format.js";
import { AgentStatusGrid } from "./grid.jsx";
import { Icon } from "./icons.jsx";
import { Lane } from "./lane.jsx";
import { isFinal, isReady } from "./reducer.js";
import { axis, scoreLength } from "./scale.js";
import { select, useExecution, useTick } from "./store.js";
import { useWords } from "./words.js";

const ROOMY = 12;

export function RealTimeMonitor({ executionId, strategy, memberCount }) {
  const { run, link, selected, isPinned } = useExecution(executionId);
  const { t } = useWords();
  const [view, setView] = useState("score");
  const ready = isReady(run);
  return (
    <section className="card run-score-card" aria-labelledby="run-score-title">
      <header className="card-head run-head">
        <h2 id="run-score-title">{t("score.title")}</h2>
        <p className="run-quiet run-wide">{t("score.hint")}</p>
        <span className="run-spring" />
        {ready && !isFinal(run) && link.phase === "live" && (
          <button
            type="button" className="run-chip run-live-chip" aria-pressed={!isPinned}
            onClick={() => select(executionId, null)} title={t("score.follow")}
          >
            <i className="run-dot" data-live aria-hidden="true" />
            {isPinned ? t("score.back_to_live") : t("score.live")}
          </button>
        )}
        <ViewSwitch view={view} onChange={setView} />
      </header>
      {!ready && <Skeleton count={memberCount || 3} />}
      {ready && view === "score" && <Score executionId={executionId} run={run} selected={selected} strategy={strategy} />}
      {ready && view === "grid" && <AgentStatusGrid executionId={executionId} run={run} selected={selected} />}
    </section>
  );
}

function ViewSwitch({ view, onChange }) {
  const { t } = useWords();
  return (
    <span className="run-switch" role="group" aria-label={t("score.view")}>
      {["score", "grid"].map((each) => (
        <button key={each} type="button" aria-pressed={view === each} aria-label={t(`score.as_${each}`)} title={t(`score.as_${each}`)} onClick={() => onChange(each)}>
          <Icon name={each} />
        </button>
      ))}
    </span>
  );
}

function Score({ executionId, run, selected, strategy }) {
  const { t, lang } = useWords();
  const root = useRef(null);
  const isLive = !isFinal(run);
  useTick(isLive);
  const now = isLive ? Date.now() - run.skew : run.endedAt;
  const width = useWidth(root);
  const isDense = run.order.length > ROOMY;
  const { span, ticks } = axis(scoreLength(run, now), width < 620 ? 6 : 9);
  useNow(root, run, { span, isLive, everyMs: isDense ? 120 : 40 });
  const together = strategy === "parallel";
  return (
    <div className="run-score" ref={root} data-live={isLive || undefined} data-dense={isDense || undefined} onKeyDown={moveBetweenLanes}>
      <div className="run-axis" aria-hidden="true">
        {ticks.map((at) => (
          <span key={at} style={{ left: `${(at / span) * 100}%` }} data-edge={at === 0 ? "start" : at === span ? "end" : undefined}>{tickLabel(at, lang)}</span>
        ))}
      </div>
      <div className="run-score-body">
        <div className="run-staff" aria-hidden="true">
          {ticks.map((at) => <i key={at} style={{ left: `${(at / span) * 100}%` }} />)}
        </div>
        <ol className="run-lanes" aria-label={t("score.title")}>
          {run.order.map((id) => (
            <Lane
              key={id} run={run} step={run.steps[id]} span={span} now={now} together={together}
              isSelected={id === selected} onSelect={() => select(executionId, id)}
            />
          ))}
        </ol>
        {isLive && <div className="run-playhead" aria-hidden="true"><i /></div>}
      </div>
    </div>
  );
}

/** Keep `--now` (0 to 1 of the span) true, and only while someone can see it. */
function useNow(root, run, { span, isLive, everyMs }) {
  useEffect(() => {
    const start = run.startedAt ?? run.acceptedAt;
    const place = () => {
      const share = start === null ? 0 : Math.min(Math.max((Date.now() - run.skew - start) / span, 0), 1);
      root.current?.style.setProperty("--now", share.toFixed(5));
    };
    place();
    if (!isLive) return undefined;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const timer = setInterval(() => requestAnimationFrame(place), isStill ? 1000 : everyMs);
    return () => clearInterval(timer);
  }, [root, run.startedAt, run.acceptedAt, run.skew, span, isLive, everyMs]);
}

function useWidth(root) {
  const [width, setWidth] = useState(1000);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
    observer.observe(root.current);
    return () => observer.disconnect();
  }, [root]);
  return width;
}

function moveBetweenLanes(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const lanes = [...event.currentTarget.querySelectorAll(".run-lane")];
  const next = lanes[lanes.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

function Skeleton({ count }) {
  const { t } = useWords();
  return (
    <div className="run-score" aria-busy="true" aria-label={t("loading")}>
      <div className="run-axis" />
      <ol className="run-lanes">
        {Array.from({ length: Math.min(count, 50) }, (_, place) => (
          <li key={place} className="run-lane run-lane-skeleton">
            <span className="run-lane-name"><span className="skeleton" style={{ width: `${9 + (place % 3) * 2}ch` }}>&nbsp;</span></span>
            <span className="run-track"><span className="skeleton run-bar" style={{ left: `${Math.min(place * 12, 70)}%`, width: `${14 + (place % 3) * 6}%` }} /></span>
            <span />
          </li>
        ))}
      </ol>
    </div>
  );
}
