/** Status as colour, icon and word; how the page is connected, in words. */
import { useEffect, useState } from "react";
import { nowOf } from "./clock.js";
import { Icon } from "./icons.jsx";
import { waiting } from "./people.js";
import { isFinal } from "./reducer.js";
import { useTick } from "./store.js";
import { useWords } from "./words.js";

export function RunStatus({ run }) {
  const { t } = useWords();
  const halt = run.stopping ? null : waiting(run);
  const word = run.stopping ? "stopping" : halt ? `waiting_${halt.what}` : run.status;
  const look = run.stopping ? "cancelled" : halt ? "waiting" : run.status;
  return (
    <>
      <span className="badge" data-tone={look} role="status" aria-live="polite">
        {look === "running" ? <i className="run-dot" aria-hidden="true" /> : <Icon name={halt && ASKING.has(halt.what) ? "asked" : look} size={12} />}
        {t(`status.${word}`)}
      </span>
      {halt && <Since at={halt.since} run={run} />}
    </>
  );
}

const ASKING = new Set(["approval", "input"]);

/** Beside the status and not in it: a live region that counts seconds would never be quiet. */
function Since({ at, run }) {
  const { t, duration } = useWords();
  useTick(run.shownAt === null);
  return <span className="run-since">{t("waiting_since", { time: duration(Math.max(1000, Math.floor((nowOf(run) - at) / 1000) * 1000)) })}</span>;
}

/** `status` chooses the icon too; `tone` the colour, where that differs. */
export function StepStatus({ status, tone = status, label }) {
  const { t } = useWords();
  return (
    <span className="run-step-status" data-tone={tone}>
      <Icon name={status} size={12} />
      {label ?? t(`step.${status}`)}
    </span>
  );
}

/** The others are ends, and the notice above the run tells those. */
const TOLD_HERE = new Set(["connecting", "live", "reconnecting"]);

/** "ao vivo", "reconectando 2…", "parado há 40 s": whether what one sees is what is. */
export function LinkStatus({ run, link }) {
  const { t, duration, clock } = useWords();
  const lost = link.phase === "reconnecting";
  useTick(lost);
  if (isFinal(run) || !TOLD_HERE.has(link.phase)) return null;
  const silent = lost ? Date.now() - link.since : 0;
  const stale = silent > 20000;
  const phase = stale ? "stale" : link.phase;
  const params = { n: link.tries ?? 0, time: duration(Math.floor(silent / 1000) * 1000), at: lost ? clock(link.since) : "" };
  return (
    <span className="run-link" data-phase={phase}>
      <i className="run-dot" aria-hidden="true" />
      {t(`link.${phase}`, params)}
    </span>
  );
}

/** True from the second render on: what depends on the browser's clock must not be prerendered. */
export function useMounted() {
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  return isMounted;
}
