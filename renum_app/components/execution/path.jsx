/** The critical path in words: whose turns made it take this long, and what share of the time each had. */
import { useWords } from "./words.js";

export function Path({ run, path, now }) {
  const { t, duration, percent } = useWords();
  const start = run.startedAt ?? run.acceptedAt;
  const whole = Math.max(1, (run.endedAt ?? now) - start);
  const took = (step) => (step.endedAt ?? now) - Math.min(...[step.attempts[0]?.start, step.waits[0]?.start].filter(Boolean));
  if (!path.length) return <p className="run-path run-quiet">{t("path.none")}</p>;
  return (
    <p className="run-path">
      <b>{t("path.label")}</b>
      {path.map((id) => run.steps[id]).map((step) => (
        <span key={step.id}><i aria-hidden="true">→</i>{step.name} <small>{duration(took(step))} · {percent(took(step) / whole)}</small></span>
      ))}
    </p>
  );
}
