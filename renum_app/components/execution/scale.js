/** Time to place: the axis of the Partitura and what stands in each lane. Pure; times are milliseconds. */
import { isFinal } from "./reducer.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const UNITS = [
  0.5 * SECOND, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 168 * HOUR,
];

/** The axis for a length: a span of whole units with `most` ticks or fewer, so that it moves in jumps, not all the time. */
export function axis(length, most = 8) {
  const wanted = Math.max(length, 2 * SECOND);
  const unit = UNITS.find((each) => wanted / each <= most - 1) ?? UNITS.at(-1) * Math.ceil(wanted / UNITS.at(-1) / most);
  const span = Math.ceil(wanted / unit) * unit;
  const ticks = [];
  for (let at = 0; at <= span; at += unit) ticks.push(at);
  return { span, unit, ticks };
}

/** How much time the score shows: everything so far, and while it runs room for what is still to come. */
export function scoreLength(state, now) {
  const start = state.startedAt ?? state.acceptedAt;
  if (start === null) return 10 * SECOND;
  if (isFinal(state)) return Math.max(state.endedAt - start, 1);
  const elapsed = Math.max(now - start, 0);
  const ahead = ghostWidth(state, elapsed) * Math.min(queued(state).length, 3);
  return Math.max(elapsed * 1.12 + Math.min(ahead, elapsed * 0.6), 8 * SECOND);
}

const queued = (state) => state.order.filter((id) => state.steps[id].status === "pending");

/** A queued member's ghost is as long as the team's finished turns are in the middle. */
function ghostWidth(state, elapsed) {
  const lengths = state.order
    .flatMap((id) => state.steps[id].attempts)
    .filter((each) => each.outcome === "completed")
    .map((each) => each.end - each.start)
    .sort((a, b) => a - b);
  return lengths.length ? lengths[Math.floor(lengths.length / 2)] : Math.max(elapsed * 0.4, 2 * SECOND);
}

/**
 * What stands in one lane, left to right: `{kind, from, to, ...}` with times from the start; `to` null means "now".
 * kind: attempt | wait | reused | skipped | cancelled | queued
 */
export function marks(state, step, now, { together = false } = {}) {
  const start = state.startedAt ?? state.acceptedAt ?? now;
  const from = (at) => Math.max(at - start, 0);
  const list = [
    ...step.attempts.map((attempt) => ({
      kind: "attempt", attempt, outcome: attempt.outcome, from: from(attempt.start),
      to: attempt.end === null ? null : from(attempt.end),
    })),
    ...step.waits.map((wait) => ({
      kind: "wait", reason: wait.reason, from: from(wait.start), to: wait.end === null ? null : from(wait.end),
    })),
  ].sort((a, b) => a.from - b.from);
  return list.length || isEnded(state, step) ? list.concat(ended(state, step, list, from)) : [ghost(state, step, now, start, together)];
}

const isEnded = (state, step) => step.endedAt !== null || isFinal(state);

function ended(state, step, list, from) {
  if (list.length) return [];
  if (step.reused) return [{ kind: "reused", from: 0, to: undefined }];
  if (!["skipped", "cancelled"].includes(step.status)) return [];
  return [{ kind: step.status, from: from(step.endedAt ?? state.endedAt), to: undefined }];
}

function ghost(state, step, now, start, together) {
  const elapsed = Math.max(now - start, 0);
  const width = ghostWidth(state, elapsed);
  const place = together ? 0 : queued(state).indexOf(step.id);
  const running = state.order.some((id) => state.steps[id].status === "running");
  return { kind: "queued", from: elapsed + width * (place + (running && !together ? 0.25 : 0.04)), to: undefined, length: width };
}
