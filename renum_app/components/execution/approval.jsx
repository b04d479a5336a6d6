/** One decision that a step waits for: who asks, the text in question, its deadline, and the three answers. */
import { useEffect, useId, useState } from "react";
import { Answer, Deadline, MOST_CHARS, Text } from "./approval_text.jsx";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";

const PATIENCE_MS = 10_000;

/**
 * `approval` is `{id, name, moment, text, deadline, onDeadline}`; `onDecide(id, decision, text, reason)` sends.
 * `problem` is the sentence of a refusal. What was typed stays until the approval itself is gone.
 */
export function ApprovalCard({ approval, skew = 0, problem, isOffline, onDecide, children }) {
  const words = useWords();
  const { t, any } = words;
  const title = useId();
  const isQuestion = approval.moment === "input";
  const proposed = isQuestion ? "" : approval.text;
  const [draft, setDraft] = useKept(`${approval.id}-text`, proposed);
  const [reason, setReason] = useKept(`${approval.id}-reason`, "");
  const [mode, setMode] = useState("look");
  const isEdited = draft !== proposed;
  const { sent, isLate, send } = useSending(problem, (decision) => onDecide(approval.id, decision, decision === "approve" && isEdited ? draft : "", reason.trim()));
  const isBlank = draft.trim() === "";
  const isTooLong = isEdited && draft.length > MOST_CHARS;
  return (
    <section className="card run-approval" aria-labelledby={title} aria-busy={sent !== null}>
      <header className="run-approval-head">
        <span className="run-approval-hand"><Icon name="asked" size={18} /></span>
        <div>
          <h2 id={title} tabIndex={-1}>{t(`approval.title_${approval.moment}`, { name: approval.name })}</h2>
          <p className="run-quiet">{t(`approval.about_${approval.moment}`, { name: approval.name })}{children && <> · {children}</>}</p>
        </div>
        <Deadline at={approval.deadline} then={approval.onDeadline} skew={skew} />
      </header>
      <Text approval={approval} draft={isQuestion ? approval.text : draft} setDraft={setDraft} isEditing={mode === "edit"} wrong={isBlank ? "blank" : isTooLong ? "too_long" : null} />
      {isQuestion && mode !== "reject" && <Answer draft={draft} setDraft={setDraft} />}
      {mode === "reject" && <Reason name={approval.name} reason={reason} setReason={setReason} />}
      {problem && sent === null && <p className="run-note" data-tone="failed" role="alert"><Icon name="failed" />{any(problem.key, problem.params, problem.fallback)}</p>}
      {isLate && <p className="run-note" data-tone="waiting" role="alert"><Icon name="waiting" />{t("approval.late")}</p>}
      {isOffline && <p className="run-note" data-tone="waiting" role="status"><Icon name="waiting" />{t("approval.offline")}</p>}
      <div className="run-approval-foot">
        {mode === "reject" ? (
          <>
            <button type="button" className="btn btn-quiet" onClick={() => setMode("look")}>{t("approval.back")}</button>
            <button type="button" className="btn run-danger-fill" disabled={sent !== null || isOffline} onClick={() => send("reject")}><Icon name="failed" />{t(sent ? "approval.sending" : "approval.reject")}</button>
          </>
        ) : (
          <>
            <button type="button" className="btn btn-danger" disabled={sent !== null} onClick={() => setMode("reject")}>{t("approval.reject_why")}</button>
            <span className="run-spring" />
            {mode === "edit" && isEdited && <button type="button" className="btn btn-quiet" onClick={() => setDraft(approval.text)}>{t("approval.undo")}</button>}
            {!isQuestion && <button type="button" className="btn btn-secondary" aria-pressed={mode === "edit"} disabled={sent !== null} onClick={() => setMode(mode === "edit" ? "look" : "edit")}><Icon name="edit" />{t(mode === "edit" ? "approval.preview" : "approval.edit")}</button>}
            <button type="button" className="btn btn-primary" disabled={sent !== null || isOffline || isBlank || isTooLong} onClick={() => send("approve")}><Icon name="completed" />{t(sent ? "approval.sending" : isQuestion ? "approval.send_answer" : isEdited ? "approval.approve_edited" : "approval.approve")}</button>
          </>
        )}
      </div>
    </section>
  );
}

function Reason({ name, reason, setReason }) {
  const { t } = useWords();
  const id = useId();
  return (
    <div className="field run-approval-reason">
      <label className="field-label" htmlFor={id}>{t("approval.reason")}</label>
      <textarea id={id} className="input" rows={2} maxLength={2000} value={reason} autoFocus aria-describedby={`${id}-hint`} onChange={(event) => setReason(event.target.value)} />
      <p id={`${id}-hint`} className="field-hint">{t("approval.reject_effect", { name })}</p>
    </div>
  );
}

/** Sent until the approval goes or a refusal comes; after a while without either the person may try again. */
function useSending(problem, decide) {
  const [sent, setSent] = useState(null);
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (problem) setSent(null);
  }, [problem]);
  useEffect(() => {
    if (sent === null) return undefined;
    const timer = setTimeout(() => { setSent(null); setLate(true); }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [sent]);
  const send = (decision) => {
    setLate(false);
    setSent(decision);
    decide(decision);
  };
  return { sent, isLate, send };
}

/** Typed text that outlives a reload of this tab. */
function useKept(name, initial) {
  const key = `renum-approval-${name}`;
  const [value, setValue] = useState(() => sessionStorage.getItem(key) ?? initial);
  const keep = (next) => {
    setValue(next);
    if (next === initial) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, next);
  };
  return [value, keep];
}
