/** ExecutionLogs: everything that happened as sentences; filter, search, follow. Thousands of lines cost a screenful. */
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { Icon } from "./icons.jsx";
import { isFinal, isReady } from "./reducer.js";
import { sentence } from "./sentence.js";
import { useExecution } from "./store.js";
import { Windowed } from "./windowed.jsx";
import { useWords } from "./words.js";

const LEVELS = { all: () => true, warning: (level) => level !== "info" && level !== "debug", error: (level) => level === "error" || level === "critical" };

export function ExecutionLogs({ executionId }) {
  const { run } = useExecution(executionId);
  const words = useWords();
  const { t } = words;
  const [level, setLevel] = useState("all");
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const tell = useTeller(words, run.steps);
  const lines = useMemo(
    () => run.logs.filter((line) => LEVELS[level](line.level)).map(tell).filter((line) => !wanted || line.haystack.includes(wanted)),
    [run.logs, level, wanted, tell],
  );
  const isFiltered = level !== "all" || wanted !== "";
  return (
    <section className="card run-log-card" aria-labelledby="run-log-title">
      <header className="card-head run-head">
        <h2 id="run-log-title">{t("log.title")}</h2>
        <span className="run-spring" />
        <label className="run-search"><Icon name="search" /><span className="run-hidden">{t("log.search")}</span><input type="search" value={search} placeholder={t("log.search")} onChange={(event) => setSearch(event.target.value)} /></label>
        <span role="group" aria-label={t("log.levels")} className="run-chips">
          {Object.keys(LEVELS).map((each) => (
            <button key={each} type="button" className="run-chip" aria-pressed={level === each} onClick={() => setLevel(each)}>{t(`log.level.${each}`)}</button>
          ))}
        </span>
      </header>
      {!isReady(run) && <div className="run-lines">{[70, 82, 64].map((width) => <span key={width} className="skeleton" style={{ width: `${width}%` }}>&nbsp;</span>)}</div>}
      {isReady(run) && lines.length === 0 && (
        <div className="run-empty">
          <p>{t(isFiltered ? "log.none_match" : "log.none")}</p>
          {isFiltered && <button type="button" className="run-chip" onClick={() => { setLevel("all"); setSearch(""); }}>{t("log.clear")}</button>}
        </div>
      )}
      {lines.length > 0 && <Windowed items={lines} keyOf={(line) => line.seq} render={(line) => <Line line={line} />} label={t("log.title")} backLabel={t("back_to_live")} isLive={!isFinal(run) || run.shownAt !== null} />}
    </section>
  );
}

/** Puts lines into words, each only once per language; `steps` changes with every piece of text, names do not. */
function useTeller(words, steps) {
  const latest = useRef(steps);
  latest.current = steps;
  return useMemo(() => {
    const known = new WeakMap();
    return (line) => {
      if (!known.has(line)) known.set(line, told(line, latest.current, words));
      return known.get(line);
    };
  }, [words]);
}

/** The line in the person's language, where its code is known. */
function told(line, steps, words) {
  const { t, clock } = words;
  const step = line.stepId ? steps[line.stepId] : null;
  const who = step?.name ?? line.agentId ?? t("log.team");
  const message = sentence(line, words);
  const time = clock(line.at);
  const haystack = `${time} ${who} ${message}`.toLowerCase();
  // The name stands in its own column already.
  const shown = message.startsWith(`${who} `) ? message.slice(who.length + 1) : message;
  return { seq: line.seq, level: line.level, time, who, message: shown, haystack };
}

function Line({ line }) {
  return (
    <div className="run-log-line" data-level={line.level}>
      <time>{line.time}</time>
      <span className="run-log-who" title={line.who}>{line.who}</span>
      <span className="run-log-text">{line.message}</span>
    </div>
  );
}
