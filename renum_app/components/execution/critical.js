/** The critical path: the chain of turns that made the execution take as long as it did. Pure. */

const SLACK_MS = 250;
/** Between the end of one turn and the beginning of the next lies the engine's own work. */

/** Step ids from the first to the last; empty while there is nothing to say. */
export function criticalPath(run) {
  const begun = run.order.map((id) => turn(run.steps[id])).filter(Boolean);
  let last = latest(begun);
  const path = [];
  while (last && !path.includes(last.id)) {
    path.unshift(last.id);
    last = before(last, begun);
  }
  return path;
}

/** From its first attempt or wait until its end; what still goes on ends now, after everything else. */
function turn(step) {
  const starts = [step.attempts[0]?.start, step.waits[0]?.start].filter((at) => at !== undefined);
  if (!starts.length) return null;
  return { id: step.id, start: Math.min(...starts), end: step.endedAt ?? Infinity, reads: step.attempts.at(-1)?.reads ?? [] };
}

const latest = (turns) => turns.reduce((found, each) => (!found || each.end > found.end ? each : found), null);

/** Whom it waited for: of those it reads, the one that ended last; else whoever ended last before it began. */
function before(current, turns) {
  const earlier = turns.filter((each) => each.id !== current.id && each.end <= current.start + SLACK_MS);
  return latest(earlier.filter((each) => current.reads.includes(each.id))) ?? latest(earlier);
}
