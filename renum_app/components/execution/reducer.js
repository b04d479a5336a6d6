/**
 * The execution as a fold over its wire messages; pure, so that every part of the page agrees by `seq`.
 *
 * `reduce(state, messages)` never changes `state`; it copies only what a batch touches.
 */
import { endAttempt, failAttempt, foldPiece } from "./attempts.js";
import { skewAfter } from "./clock.js";
import { Draft } from "./draft.js";
import {
  askPerson, closeWait, foldAgentStatus, hearPerson, passGate, reuse, revive, spend, stall, stepIdOf, stepOf, wait,
} from "./steps.js";

export const FINAL = new Set(["completed", "failed", "cancelled"]);

export function initial(executionId) {
  return {
    executionId, teamId: null, seq: 0, lastSeq: null, isCaughtUp: false, skew: 0, isClockKnown: false,
    status: "pending", waitingFor: null, stopping: false, errorCode: null, errorMessage: null, errorKey: null,
    acceptedAt: null, startedAt: null, endedAt: null, expectedEnd: null,
    parkedAt: null, progress: 0, currentStep: 0, totalSteps: 0,
    order: [], steps: {}, logs: [], gates: [], result: null, receipt: null, shownAt: null,
  };
}

/** True once everything the server had when we first connected has been folded in. */
export const isReady = (state) => state.isCaughtUp;
export const isFinal = (state) => FINAL.has(state.status);

/** `receivedAt` is this browser's clock when the batch came; without it nothing is learnt about the server's clock. */
export function reduce(state, messages, receivedAt = null) {
  const draft = new Draft(state);
  for (const message of messages) fold(draft, message);
  const { next } = draft;
  if (receivedAt !== null) {
    next.skew = skewAfter(state, messages, receivedAt);
    next.isClockKnown ||= state.isCaughtUp && messages.some((message) => message.seq > state.seq);
  }
  next.isCaughtUp ||= next.lastSeq !== null && next.seq >= next.lastSeq;
  return next;
}

function fold(draft, message) {
  if (message.type === "snapshot") return foldSnapshot(draft, message);
  const data = message.data ?? {};
  if (message.seq === undefined || message.seq === null) {
    if (message.type === "result_update" && data.delta !== undefined) foldPiece(draft, data, null);
    return;
  }
  const next = draft.next;
  if (message.seq <= next.seq) return; // a repeat after a reconnect
  next.seq = message.seq;
  const at = Date.parse(message.timestamp);
  const how = FOLDS[message.kind] ?? FOLDS[message.type];
  if (how) how(draft, data, at, message);
}

/** The snapshot brings names and the point to catch up with; facts come from the events themselves. */
function foldSnapshot(draft, snapshot) {
  const next = draft.next;
  next.lastSeq = Math.max(next.lastSeq ?? 0, snapshot.last_seq ?? 0);
  next.teamId = snapshot.team_id ?? next.teamId;
  next.totalSteps = next.totalSteps || snapshot.total_steps || 0;
  next.expectedEnd = snapshot.estimated_completion ? Date.parse(snapshot.estimated_completion) : next.expectedEnd;
  if (snapshot.started_at && next.startedAt === null) next.startedAt = Date.parse(snapshot.started_at);
  for (const agent of snapshot.agents ?? []) {
    const step = draft.step(agent.step_id ?? agent.agent_id, agent);
    Object.assign(step, {
      name: agent.name || step.name, role: agent.role ?? step.role,
      backend: agent.backend ?? step.backend, model: agent.model ?? step.model,
    });
  }
}

function foldStatus(draft, data, at) {
  const next = draft.next;
  if (data.status) next.status = data.status;
  if (data.waiting_for !== undefined) next.waitingFor = data.waiting_for;
  if (data.stopping !== undefined) next.stopping = data.stopping;
  if (data.error_code !== undefined) next.errorCode = data.error_code;
  if (data.error_message !== undefined) next.errorMessage = data.error_message;
  if (data.message_key !== undefined) next.errorKey = { key: data.message_key, params: data.params ?? {} };
  if (next.acceptedAt === null) next.acceptedAt = at;
  if (next.status === "running" && next.startedAt === null) next.startedAt = at;
  if (FINAL.has(next.status)) finish(draft, data, at);
}

function finish(draft, data, at) {
  const next = draft.next;
  Object.assign(next, { endedAt: at, stopping: false, waitingFor: null, parkedAt: null });
  if (data.receipt !== undefined) next.receipt = data.receipt;
  if (next.startedAt === null) next.startedAt = next.acceptedAt ?? at;
  for (const id of next.order) {
    const last = next.steps[id].attempts.at(-1);
    if (last?.end === null || next.steps[id].waits.at(-1)?.end === null || next.steps[id].approval) {
      const step = draft.step(id);
      closeWait(step, at);
      Object.assign(step, { approval: null, silentSince: null });
      endAttempt(step.attempts.at(-1), at, next.status === "completed" ? "completed" : "cancelled", null);
    }
  }
}

/** It waits and runs nowhere. */
function park(draft, data, at) {
  foldStatus(draft, data, at);
  draft.next.parkedAt = at;
}

function unpark(draft, data, at) {
  foldStatus(draft, { waiting_for: null, ...data }, at);
  draft.next.parkedAt = null;
}

function foldResult(draft, data, at, message) {
  if (data.final_result !== undefined) draft.next.result = data.final_result;
  else if (data.delta !== undefined || message.kind === "text_replaced") foldPiece(draft, data, at);
  else if (data.output !== undefined) {
    stepOf(draft, data).output = data.output;
    spend(stepOf(draft, data), data);
  }
}

function foldLog(draft, data, at, message) {
  draft.list("logs").push({
    seq: message.seq, at, level: data.level ?? "info", agentId: data.agent_id ?? null,
    stepId: stepIdOf(data), message: data.message ?? "", details: data.details ?? {},
  });
}

function interrupt(draft, data, at, message) {
  if (stepIdOf(data)) {
    endAttempt(stepOf(draft, data).attempts.at(-1), at, "interrupted", "interrupted");
    wait(draft, { step_id: stepIdOf(data), reason: "interrupted" }, at);
  }
  foldLog(draft, data, at, message);
}

function foldProgress(draft, data) {
  const next = draft.next;
  next.currentStep = data.current_step ?? next.currentStep;
  next.totalSteps = data.total_steps ?? next.totalSteps;
  next.progress = data.progress ?? next.progress;
}

/** What is told about a step and is a log line too. */
const alsoLogged = (how) => (draft, data, at, message) => {
  how(draft, data, at, message);
  foldLog(draft, data, at, message);
};

const FOLDS = {
  attempt_interrupted: interrupt, execution_parked: park, execution_unparked: unpark,
  step_stalled: stall, step_revived: revive, step_reused: reuse,
  approval_requested: askPerson, approval_decided: alsoLogged(hearPerson), gate_passed: alsoLogged(passGate),
  text_replaced: (draft, data, at) => foldPiece(draft, { ...data, replaced: true }, at),
  status_update: foldStatus, agent_status_update: foldAgentStatus, progress_update: foldProgress,
  result_update: foldResult, error_update: failAttempt, log: foldLog,
};
