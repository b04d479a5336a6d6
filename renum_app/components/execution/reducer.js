/**
 * The execution as a fold over its wire messages; pure, so that every part of the page agrees by `seq`.
 *
 * `reduce(state, messages)` never changes `state`; it copies only what a batch touches.
 */
import { addPiece, emptyText, replaceText } from "./text.js";

export const FINAL = new Set(["completed", "failed", "cancelled"]);
export const STEP_FINAL = new Set(["completed", "failed", "skipped", "cancelled"]);

export function initial(executionId) {
  return {
    executionId, seq: 0, lastSeq: null, isCaughtUp: false, skew: 0, isClockKnown: false,
    status: "pending", waitingFor: null, stopping: false, errorCode: null, errorMessage: null, errorKey: null,
    acceptedAt: null, startedAt: null, endedAt: null, expectedEnd: null,
    progress: 0, currentStep: 0, totalSteps: 0,
    order: [], steps: {}, logs: [], result: null, receipt: null,
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

/** How far this clock is ahead of the server's: no more than any fresh event took to come, and no event is in the future. */
function skewAfter(state, messages, receivedAt) {
  const last = messages.findLast((message) => message.timestamp);
  if (!last) return state.skew;
  const seen = receivedAt - Date.parse(last.timestamp);
  if (!state.isCaughtUp) return Math.min(state.skew, seen);
  return state.isClockKnown ? Math.min(state.skew, seen) : seen;
}

/** A copy-on-write view of the state for one batch. */
class Draft {
  constructor(state) {
    this.next = { ...state };
    this.owned = new Set();
  }

  list(name) {
    if (!this.owned.has(name)) {
      this.owned.add(name);
      this.next[name] = this.next[name].slice();
    }
    return this.next[name];
  }

  step(id, known = {}) {
    if (!this.owned.has("steps")) {
      this.owned.add("steps");
      this.next.steps = { ...this.next.steps };
    }
    const steps = this.next.steps;
    if (!steps[id]) {
      steps[id] = newStep(id, known);
      this.list("order").push(id);
      this.owned.add(`step ${id}`);
    } else if (!this.owned.has(`step ${id}`)) {
      this.owned.add(`step ${id}`);
      const old = steps[id];
      steps[id] = { ...old, attempts: old.attempts.map((each) => ({ ...each })), waits: old.waits.slice() };
    }
    return steps[id];
  }
}

function newStep(id, known) {
  return {
    id, agentId: known.agent_id ?? id, name: known.name || known.agent_id || id, role: known.role ?? "member",
    backend: known.backend ?? "", model: known.model ?? "", status: "pending", reason: null, details: null,
    attempts: [], waits: [], endedAt: null, tokens: null, inputTokens: null, outputTokens: null,
    cost: null, costBasis: null, output: null, error: null,
  };
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

/** Events that travel as log lines carry their step in `details`. */
const stepIdOf = (data) => data.step_id ?? data.details?.step_id ?? null;
const stepOf = (draft, data) => draft.step(stepIdOf(data) ?? data.agent_id, data);
const attemptOf = (step, number) => step.attempts.find((each) => each.number === number);

function openAttempt(draft, data, at) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  const number = data.attempt ?? step.attempts.length + 1;
  const last = step.attempts.at(-1);
  if (last && last.end === null && last.number !== number) endAttempt(last, at, "interrupted", null);
  step.status = "running";
  step.reason = null;
  step.error = null;
  const known = attemptOf(step, number);
  if (known) Object.assign(known, { end: null, outcome: "running", text: emptyText() });
  else {
    step.attempts.push({
      number, runBy: data.run_by ?? null, model: data.model ?? step.model, reads: data.reads ?? [],
      start: at, end: null, outcome: "running", reason: null, error: null, text: emptyText(),
    });
  }
}

function endAttempt(attempt, at, outcome, reason) {
  if (!attempt || attempt.end !== null) return;
  Object.assign(attempt, { end: at, outcome, reason });
}

function closeWait(step, at) {
  const last = step.waits.at(-1);
  if (last && last.end === null) step.waits[step.waits.length - 1] = { ...last, end: at };
}

function foldPiece(draft, data, at) {
  const known = draft.next.steps[stepIdOf(data)];
  if (at === null && !attemptOf(known ?? { attempts: [] }, data.attempt)) return; // its attempt is not told yet
  const step = stepOf(draft, data);
  let attempt = attemptOf(step, data.attempt) ?? step.attempts.at(-1);
  if (!attempt) {
    openAttempt(draft, data, at);
    attempt = step.attempts.at(-1);
  }
  if (data.replaced || (data.text !== undefined && data.delta === undefined)) {
    attempt.text = replaceText(data.text ?? data.delta ?? "");
  } else attempt.text = addPiece(attempt.text, data.offset ?? attempt.text.length, data.delta);
}

function endStep(draft, data, at, status) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  endAttempt(attemptOf(step, data.attempt) ?? step.attempts.at(-1), at, status, data.reason ?? null);
  const error = status === "completed" ? null : (data.error ?? step.error);
  Object.assign(step, { status, endedAt: at, reason: data.reason ?? null, details: data.details ?? null, error });
  spend(step, data);
}

/** Usage as the server measured it; null stays null: unknown is not zero. */
function spend(step, data) {
  const usage = data.usage ?? data;
  if (usage.tokens !== undefined) step.tokens = usage.tokens;
  if (usage.input_tokens !== undefined) step.inputTokens = usage.input_tokens;
  if (usage.output_tokens !== undefined) step.outputTokens = usage.output_tokens;
  if (data.cost_usd !== undefined) step.cost = data.cost_usd;
  if (data.cost_basis !== undefined) step.costBasis = data.cost_basis;
}

function failAttempt(draft, data, at) {
  if (!data.step_id && !data.agent_id) return;
  const step = stepOf(draft, data);
  endAttempt(attemptOf(step, data.attempt) ?? step.attempts.at(-1), at, "failed", data.code ?? null);
  const attempt = attemptOf(step, data.attempt) ?? step.attempts.at(-1);
  step.error = { code: data.code, message: data.message, message_key: data.message_key, params: data.params };
  if (attempt) attempt.error = step.error;
  spend(step, data);
}

function wait(draft, data, at) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  step.status = "waiting";
  step.reason = data.reason ?? null;
  const until = data.retry_at ? Date.parse(data.retry_at) : null;
  step.waits.push({ start: at, end: null, reason: data.reason ?? null, until });
}

function foldAgentStatus(draft, data, at) {
  if (data.status === "running") openAttempt(draft, data, at);
  else if (data.status === "waiting") wait(draft, data, at);
  else if (STEP_FINAL.has(data.status)) endStep(draft, data, at, data.status);
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
  Object.assign(next, { endedAt: at, stopping: false, waitingFor: null });
  if (data.receipt !== undefined) next.receipt = data.receipt;
  if (next.startedAt === null) next.startedAt = next.acceptedAt ?? at;
  for (const id of next.order) {
    const last = next.steps[id].attempts.at(-1);
    if (last?.end === null || next.steps[id].waits.at(-1)?.end === null) {
      const step = draft.step(id);
      closeWait(step, at);
      endAttempt(step.attempts.at(-1), at, next.status === "completed" ? "completed" : "cancelled", null);
    }
  }
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

const FOLDS = {
  attempt_interrupted: interrupt,
  text_replaced: (draft, data, at) => foldPiece(draft, { ...data, replaced: true }, at),
  status_update: foldStatus, agent_status_update: foldAgentStatus, progress_update: foldProgress,
  result_update: foldResult, error_update: failAttempt, log: foldLog,
};
