/** Which part of the time the score shows: `{from, length}` in milliseconds from the start; null is all of it. Pure. */

const SHORTEST_MS = 500;
export const STEP = 1.6;

/** The part after zooming by `factor` around `at`, which stays where it is on the screen. */
export function zoomed(part, span, factor, at) {
  const now = part ?? { from: 0, length: span };
  const length = Math.max(SHORTEST_MS, now.length / factor);
  if (length >= span) return null;
  const share = (at - now.from) / now.length;
  return kept({ from: at - share * length, length }, span);
}

/** The part moved by some of its own length. */
export const moved = (part, span, share) => (part ? kept({ ...part, from: part.from + share * part.length }, span) : null);

/** The part moved just so far that `at` is in it. */
export function showing(part, span, at) {
  if (!part || (at >= part.from && at <= part.from + part.length)) return part;
  return kept({ ...part, from: at - part.length / 2 }, span);
}

const kept = (part, span) => ({ ...part, from: Math.min(Math.max(0, part.from), Math.max(0, span - part.length)) });

/** Whole units of the axis that are in the part. */
export function ticksIn({ from, length }, unit) {
  const ticks = [];
  for (let at = Math.ceil(from / unit) * unit; at <= from + length + 1; at += unit) ticks.push(at);
  return ticks;
}
