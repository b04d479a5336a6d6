/** The page shows the past: which moment, and how to come back. */
import { Icon } from "./icons.jsx";
import { asked } from "./people.js";
import { isFinal } from "./reducer.js";
import { lookAt, useExecution } from "./store.js";
import { useWords } from "./words.js";

export function ShownMoment({ executionId }) {
  const { run, live } = useExecution(executionId);
  const { t, clock, duration } = useWords();
  if (run.shownAt === null) return null;
  const start = live.startedAt ?? live.acceptedAt;
  const waiting = isFinal(live) ? 0 : asked(live).length;
  return (
    <section className="run-past" role="status">
      <Icon name="waiting" size={16} />
      <p>
        <b>{t("moment.title", { clock: clock(run.shownAt) })}</b>{" "}
        {t("moment.about", { time: duration(Math.max(0, run.shownAt - start)) })}
        {waiting > 0 && <> {t("moment.asking", { n: waiting })}</>}
      </p>
      <button type="button" className="btn btn-secondary btn-small" onClick={() => lookAt(executionId, null)}>{t(isFinal(live) ? "moment.to_end" : "score.back_to_live")}</button>
    </section>
  );
}
