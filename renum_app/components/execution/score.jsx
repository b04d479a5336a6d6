/**
 * The Partitura: a lane per member, a bar per attempt, time from left to right, one line for the moment that is shown.
 *
 * The line and the running bars move by one CSS variable, so that a frame costs no React render.
 */
import { useEffect, useRef, useState } from "react";
import { nowOf } from "./clock.js";
import { criticalPath } from "./critical.js";
import { tickLabel } from "./format.js";
import { Lane } from "./lane.jsx";
import { Path } from "./path.jsx";
import { isFinal } from "./reducer.js";
import { axis, scoreLength } from "./scale.js";
import { lookAt, select, useTick } from "./store.js";
import { useWords } from "./words.js";
import { ticksIn } from "./zoom.js";
import { useZoom, ZoomButtons } from "./zoom_buttons.jsx";

const ROOMY = 12;

export function Score({ executionId, run, live, selected, strategy, showsPath, part, onPart }) {
  const { t, lang } = useWords();
  const root = useRef(null);
  const isPast = run.shownAt !== null;
  const isMoving = !isPast && !isFinal(run);
  useTick(isMoving);
  const start = live.startedAt ?? live.acceptedAt;
  const now = isFinal(run) && !isPast ? run.endedAt : nowOf(run);
  const width = useWidth(root);
  const isDense = run.order.length > ROOMY;
  const most = width < 620 ? 6 : 9;
  const { span } = axis(scoreLength(live, isFinal(live) ? live.endedAt : Date.now() - live.skew), most);
  const shown = useZoom(root, { part, span, now: start === null ? 0 : now - start, isMoving, onPart });
  const { unit } = axis(shown.length, most);
  const ticks = ticksIn(shown, unit);
  const left = (at) => `${((at - shown.from) / shown.length) * 100}%`;
  useNow(root, run, { start, shown, isMoving, everyMs: isDense ? 120 : 40 });
  const path = showsPath ? criticalPath(run) : [];
  return (
    <div className="run-score" ref={root} data-live={isMoving || undefined} data-past={isPast || undefined} data-dense={isDense || undefined} data-zoomed={part !== null || undefined} data-path={showsPath || undefined} onKeyDown={moveBetweenLanes}>
      <div className="run-axis" onPointerDown={(event) => scrub(event, executionId, start, shown)} title={t("moment.drag")}>
        {ticks.map((at, place) => (
          <span key={at} style={{ left: left(at) }} data-edge={at === shown.from ? "start" : place === ticks.length - 1 && at >= shown.from + shown.length ? "end" : undefined}>{tickLabel(at, lang)}</span>
        ))}
        <ZoomButtons part={part} span={span} at={start === null ? 0 : now - start} onPart={onPart} />
      </div>
      <div className="run-score-body">
        <div className="run-staff" aria-hidden="true">
          {ticks.map((at) => <i key={at} style={{ left: left(at) }} />)}
        </div>
        <ol className="run-lanes" aria-label={t("score.title")}>
          {run.order.map((id) => (
            <Lane
              key={id} run={run} step={run.steps[id]} part={shown} now={now} together={strategy === "parallel"}
              isSelected={id === selected} isCritical={showsPath ? path.includes(id) : undefined} onSelect={() => select(executionId, id)}
            />
          ))}
        </ol>
        <div className="run-playhead" aria-hidden="true"><i onPointerDown={(event) => scrub(event, executionId, start, shown)} /></div>
      </div>
      {showsPath && <Path run={run} path={path} now={now} />}
    </div>
  );
}

/** Drag the moment that is shown along the axis; beyond the present is the present. */
function scrub(event, executionId, start, shown) {
  if (event.button !== 0 || start === null || event.target.closest("button")) return;
  const track = event.currentTarget.closest(".run-score").querySelector(".run-staff").getBoundingClientRect();
  const look = ({ clientX }) => lookAt(executionId, start + shown.from + Math.max(0, (clientX - track.left) / track.width) * shown.length);
  let frame = 0;
  const move = (moved) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => look(moved));
  };
  const end = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
    window.removeEventListener("pointercancel", end);
  };
  event.preventDefault();
  look(event);
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
}

/** Keep `--now` (0 to 1 of what one sees) true, and only while someone can see it. */
function useNow(root, run, { start, shown, isMoving, everyMs }) {
  useEffect(() => {
    const place = () => {
      const at = isFinal(run) && run.shownAt === null ? run.endedAt : nowOf(run);
      const share = start === null ? 0 : Math.min(Math.max((at - start - shown.from) / shown.length, -0.1), 1.1);
      root.current?.style.setProperty("--now", share.toFixed(5));
    };
    place();
    if (!isMoving) return undefined;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const timer = setInterval(() => requestAnimationFrame(place), isStill ? 1000 : everyMs);
    return () => clearInterval(timer);
  }, [root, run.shownAt, run.endedAt, run.skew, start, shown.from, shown.length, isMoving, everyMs]);
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
