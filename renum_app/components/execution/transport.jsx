/** Time under one's hand: back and on by what happened, a slider over the whole run, and the way back to now. */
import { useRef } from "react";
import { nowOf } from "./clock.js";
import { Icon } from "./icons.jsx";
import { isFinal } from "./reducer.js";
import { lookAt, lookFurther, useTick } from "./store.js";
import { useWords } from "./words.js";

export function Transport({ executionId, run, live }) {
  const { t, duration, clock } = useWords();
  const isPast = run.shownAt !== null;
  useTick(!isFinal(live));
  const frame = useRef(0);
  const start = live.startedAt ?? live.acceptedAt;
  if (start === null) return null;
  const end = isFinal(live) ? live.endedAt : Date.now() - live.skew;
  const at = isPast ? run.shownAt : end;
  const length = Math.max(1, end - start);
  const said = t("moment.at", { clock: clock(at), time: duration(Math.max(0, at - start)) });
  const move = (event) => {
    const wanted = Number(event.target.value);
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => lookAt(executionId, wanted >= 1000 ? null : start + (wanted / 1000) * length));
  };
  return (
    <div className="run-transport" data-past={isPast || undefined}>
      <span className="run-transport-keys">
        <button type="button" className="run-chip" aria-keyshortcuts="[" aria-label={t("moment.back")} title={`${t("moment.back")}  [`} onClick={() => lookFurther(executionId, -1)}><Icon name="back" /></button>
        <button type="button" className="run-chip" aria-keyshortcuts="]" aria-label={t("moment.on")} title={`${t("moment.on")}  ]`} disabled={!isPast} onClick={() => lookFurther(executionId, 1)}><Icon name="on" /></button>
      </span>
      <input
        type="range" min={0} max={1000} step={1} value={Math.round(((at - start) / length) * 1000)} onChange={move}
        aria-label={t("moment.slider")} aria-valuetext={said} style={{ "--share": `${Math.min(100, ((at - start) / length) * 100)}%` }}
      />
      <span className="run-transport-time">{isPast ? clock(at) : t(isFinal(live) ? "moment.end" : "moment.now")}</span>
    </div>
  );
}
