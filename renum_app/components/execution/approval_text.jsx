/** The text a decision is about, read or edited in place, and how long there is to decide. */
import { useEffect, useId, useRef } from "react";
import { Icon } from "./icons.jsx";
import { Markdown } from "./markdown.jsx";
import { useTick } from "./store.js";
import { useWords } from "./words.js";

/** More would not fit into one message to the server. */
export const MOST_CHARS = 250_000;
const SOON_MS = 60_000;

export function Text({ approval, draft, setDraft, isEditing, wrong }) {
  const { t } = useWords();
  const id = useId();
  if (!isEditing) {
    return (
      <div className="run-approval-text" tabIndex={0} role="region" aria-label={t(`approval.text_${approval.moment}`)}>
        {draft !== approval.text && <p className="run-approval-edited"><Icon name="edit" size={12} />{t("approval.edited")}</p>}
        <Markdown text={draft} />
      </div>
    );
  }
  return (
    <div className="field run-approval-edit">
      <label className="run-hidden" htmlFor={id}>{t(`approval.text_${approval.moment}`)}</label>
      <Grown id={id} value={draft} onChange={setDraft} isInvalid={wrong !== null} />
      <p id={`${id}-hint`} className={wrong ? "field-error" : "field-hint"}>{wrong ? t(`approval.${wrong}`, { most: MOST_CHARS }) : t(`approval.edit_${approval.moment}`, { name: approval.name })}</p>
    </div>
  );
}

/** What the person answers to an agent's question. */
export function Answer({ draft, setDraft }) {
  const { t } = useWords();
  const id = useId();
  return (
    <div className="field run-approval-edit">
      <label className="field-label" htmlFor={id}>{t("approval.answer")}</label>
      <textarea id={id} className="input" rows={3} value={draft} onChange={(event) => setDraft(event.target.value)} />
    </div>
  );
}

/** As tall as its text, up to half a screen. */
function Grown({ id, value, onChange, isInvalid }) {
  const box = useRef(null);
  useEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight + 2, window.innerHeight / 2)}px`;
  }, [value]);
  useEffect(() => box.current.focus(), []);
  return <textarea ref={box} id={id} className="input" value={value} aria-invalid={isInvalid} aria-describedby={`${id}-hint`} onChange={(event) => onChange(event.target.value)} />;
}

/** What remains, and what happens then; without a deadline it waits. */
export function Deadline({ at, then, skew }) {
  const { t, duration, moment } = useWords();
  useTick(at !== null);
  if (at === null) return <p className="run-approval-deadline">{t("approval.no_deadline")}</p>;
  const left = at - (Date.now() - skew);
  const said = left > 0 ? t(`approval.deadline_${then}`, { time: duration(Math.ceil(left / 1000) * 1000) }) : t(`approval.over_${then}`);
  return <p className="run-approval-deadline" data-soon={left < SOON_MS || undefined} title={moment(at)}><Icon name="waiting" size={13} />{said}</p>;
}
