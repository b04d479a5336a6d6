/** What events make of the step they are about, beside its attempts. */
import { endMeantAttempt, openAttempt } from "./attempts.js";

export const STEP_FINAL = new Set(["completed", "failed", "skipped", "cancelled"]);

/** Events that travel as log lines carry their step in `details`. */
export const stepIdOf = (data) => data.step_id ?? data.details?.step_id ?? null;
export const stepOf = (draft, data) => draft.step(stepIdOf(data) ?? data.agent_id, data);

export function closeWait(step, at) {
  const last = step.waits.at(-1);
  if (last && last.end === null) step.waits[step.waits.length - 1] = { ...last, end: at };
}

/** Usage as the server measured it; null stays null: unknown is not zero. */
export function spend(step, data) {
  const usage = data.usage ?? data;
  if (usage.tokens !== undefined) step.tokens = usage.tokens;
  if (usage.input_tokens !== undefined) step.inputTokens = usage.input_tokens;
  if (usage.output_tokens !== undefined) step.outputTokens = usage.output_tokens;
  if (data.cost_usd !== undefined) step.cost = data.cost_usd;
  if (data.cost_basis !== undefined) step.costBasis = data.cost_basis;
  if (data.billed_usd !== undefined) step.billed = data.billed_usd;
}

/** It was called and ended well, and nobody told what it used. */
export const isUntold = (step) =>
  step.status === "completed" && !step.reused && step.attempts.length > 0 && step.tokens === null && step.cost === null;

export function wait(draft, data, at) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  Object.assign(step, { status: "waiting", reason: data.reason ?? null, silentSince: null });
  const until = data.retry_at ? Date.parse(data.retry_at) : null;
  step.waits.push({ start: at, end: null, reason: data.reason ?? null, until });
}

export function endStep(draft, data, at, status) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  endMeantAttempt(step, data, at, status);
  const error = status === "completed" ? null : (data.error ?? step.error);
  Object.assign(step, {
    status, endedAt: at, reason: data.reason ?? null, details: data.details ?? null, error, approval: null, silentSince: null,
  });
  spend(step, data);
}

export function foldAgentStatus(draft, data, at) {
  if (data.status === "running") openAttempt(draft, data, at);
  else if (data.status === "waiting") wait(draft, data, at);
  else if (STEP_FINAL.has(data.status)) endStep(draft, data, at, data.status);
}

/** `seconds` is how long nothing had come when the server said so. */
export function stall(draft, data, at) {
  stepOf(draft, data).silentSince = at - (data.seconds ?? 0) * 1000;
}

export function revive(draft, data) {
  stepOf(draft, data).silentSince = null;
}

/** A person is asked. What the agent wrote is written; only its being read waits. */
export function askPerson(draft, data, at) {
  const step = stepOf(draft, data);
  endMeantAttempt(step, { attempt: data.attempt }, at, "completed");
  wait(draft, { ...data, reason: "approval" }, at);
  step.approval = {
    id: data.approval_id, moment: data.moment, text: data.text ?? "", askedAt: at,
    deadline: data.deadline ? Date.parse(data.deadline) : null, onDeadline: data.on_deadline ?? "reject",
  };
}

export function hearPerson(draft, data, at, message) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  if (step.approval?.moment === "after" && data.details?.text) step.edited = data.details.text;
  Object.assign(step, { approval: null, reason: null });
  passGate(draft, data, at, message);
}

/** What a gate saw, to answer "why?" later; one of no step is the whole team's. */
export function passGate(draft, data, at, message) {
  const gates = stepIdOf(data) ? stepOf(draft, data).gates : draft.list("gates");
  gates.push({ seq: message.seq, at, message: data.message ?? "", details: data.details ?? {} });
}

/** A result of an earlier execution, or one that a person gave; nobody was called. */
export function reuse(draft, data, at) {
  endStep(draft, data, at, data.status ?? "completed");
  const saved = data.saved ?? {};
  stepOf(draft, data).reused = {
    origin: data.origin ?? null, isGiven: data.reason === "given", cost: saved.cost_usd ?? null, tokens: saved.tokens ?? null,
  };
}
