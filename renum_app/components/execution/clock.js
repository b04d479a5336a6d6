/** How far this browser's clock is ahead of the server's: no more than any fresh event took to come, and no event is in the future. */
export function skewAfter(state, messages, receivedAt) {
  const last = messages.findLast((message) => message.timestamp);
  if (!last) return state.skew;
  const seen = receivedAt - Date.parse(last.timestamp);
  if (!state.isCaughtUp) return Math.min(state.skew, seen);
  return state.isClockKnown ? Math.min(state.skew, seen) : seen;
}

/** The moment that is shown, by the server's clock: now, or the one that somebody looks back at. */
export const nowOf = (run) => run.shownAt ?? Date.now() - run.skew;
