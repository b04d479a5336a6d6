/** RealTimeMonitor: the run as a score, as a graph, or as a grid of tiles; one selection and one moment for all. */
import { useState } from "react";
import { Graph } from "./graph.jsx";
import { AgentStatusGrid } from "./grid.jsx";
import { Icon } from "./icons.jsx";
import { isFinal, isReady } from "./reducer.js";
import { Score } from "./score.jsx";
import { select, useExecution } from "./store.js";
import { Transport } from "./transport.jsx";
import { useWords } from "./words.js";

const VIEWS = ["score", "graph", "grid"];

export function RealTimeMonitor({ executionId, strategy, wires, memberCount }) {
  const { run, live, link, selected, isPinned } = useExecution(executionId);
  const { t } = useWords();
  const [view, setView] = useState("score");
  const [showsPath, setShowsPath] = useState(false);
  const [part, setPart] = useState(null);
  const ready = isReady(live);
  const shared = { executionId, run, selected };
  return (
    <section className="card run-score-card" aria-labelledby="run-score-title">
      <header className="card-head run-head">
        <h2 id="run-score-title">{t("score.title")}</h2>
        <p className="run-quiet run-wide">{t("score.hint")}</p>
        <span className="run-spring" />
        {ready && view === "score" && run.order.length > 1 && (
          <button type="button" className="run-chip run-roomy" aria-pressed={showsPath} title={t("path.hint")} onClick={() => setShowsPath(!showsPath)}>
            <Icon name="path" />{t("path.label")}
          </button>
        )}
        {ready && !isFinal(live) && run.shownAt === null && link.phase === "live" && <LiveChip executionId={executionId} isPinned={isPinned} />}
        <ViewSwitch view={view} onChange={setView} />
      </header>
      {!ready && <Skeleton count={memberCount || 3} />}
      {ready && view === "score" && <Score {...shared} live={live} strategy={strategy} showsPath={showsPath} part={part} onPart={setPart} />}
      {ready && view === "graph" && <Graph {...shared} wires={wires ?? []} />}
      {ready && view === "grid" && <AgentStatusGrid {...shared} />}
      {ready && <Transport executionId={executionId} run={run} live={live} />}
    </section>
  );
}

function LiveChip({ executionId, isPinned }) {
  const { t } = useWords();
  return (
    <button type="button" className="run-chip run-live-chip" aria-pressed={!isPinned} onClick={() => select(executionId, null)} title={t("score.follow")}>
      <i className="run-dot" data-live aria-hidden="true" />
      {t(isPinned ? "score.back_to_live" : "score.live")}
    </button>
  );
}

function ViewSwitch({ view, onChange }) {
  const { t } = useWords();
  return (
    <span className="run-switch" role="group" aria-label={t("score.view")}>
      {VIEWS.map((each) => (
        <button key={each} type="button" aria-pressed={view === each} aria-label={t(`score.as_${each}`)} title={t(`score.as_${each}`)} onClick={() => onChange(each)}>
          <Icon name={each} />
        </button>
      ))}
    </span>
  );
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
