/** What events make of a step's attempts and of the text they write. */
import { closeWait, spend, stepIdOf, stepOf } from "./steps.js";
import { addPiece, emptyText, replaceText } from "./text.js";

export const attemptOf = (step, number) => step.attempts.find((each) => each.number === number);

/** The attempt an event names, else the step's last. */
const meant = (step, data) => attemptOf(step, data.attempt) ?? step.attempts.at(-1);

export function openAttempt(draft, data, at) {
  const step = stepOf(draft, data);
  closeWait(step, at);
  const number = data.attempt ?? step.attempts.length + 1;
  const last = step.attempts.at(-1);
  if (last && last.end === null && last.number !== number) endAttempt(last, at, "interrupted", null);
  Object.assign(step, { status: "running", reason: null, error: null, silentSince: null });
  const known = attemptOf(step, number);
  if (known) Object.assign(known, { end: null, outcome: "running", text: emptyText() });
  else {
    step.attempts.push({
      number, runBy: data.run_by ?? null, model: data.model ?? step.model, reads: data.reads ?? [],
      start: at, end: null, outcome: "running", reason: null, error: null, text: emptyText(),
    });
  }
}

export function endAttempt(attempt, at, outcome, reason) {
  if (!attempt || attempt.end !== null) return;
  Object.assign(attempt, { end: at, outcome, reason });
}

export function endMeantAttempt(step, data, at, outcome) {
  endAttempt(meant(step, data), at, outcome, data.reason ?? null);
}

export function failAttempt(draft, data, at) {
  if (!data.step_id && !data.agent_id) return;
  const step = stepOf(draft, data);
  endAttempt(meant(step, data), at, "failed", data.code ?? null);
  step.error = { code: data.code, message: data.message, message_key: data.message_key, params: data.params };
  step.silentSince = null;
  const attempt = meant(step, data);
  if (attempt) attempt.error = step.error;
  spend(step, data);
}

export function foldPiece(draft, data, at) {
  const known = draft.next.steps[stepIdOf(data)];
  if (at === null && !attemptOf(known ?? { attempts: [] }, data.attempt)) return; // its attempt is not told yet
  const step = stepOf(draft, data);
  if (!meant(step, data)) openAttempt(draft, data, at);
  const attempt = meant(step, data);
  if (data.replaced || (data.text !== undefined && data.delta === undefined)) {
    attempt.text = replaceText(data.text ?? data.delta ?? "");
  } else attempt.text = addPiece(attempt.text, data.offset ?? attempt.text.length, data.delta);
}
