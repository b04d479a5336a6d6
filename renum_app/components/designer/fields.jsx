/** The few kinds of field that the inspector is made of; each tells the model at every change. */
import { useEffect, useId, useState } from "react";
import { CircleX } from "lucide-react";
import { useDesigner } from "./store.js";

/** A label with its field, and what is wrong with it; `children` is given the attributes that tie them together. */
export function Field({ label, hint, problem, children }) {
  const id = useId();
  const { words: { t } } = useDesigner();
  const notes = [hint && `${id}-hint`, problem && `${id}-error`].filter(Boolean).join(" ");
  const words = typeof problem === "string" ? problem : problem && t(problem.message.key, problem.message.params, problem.message.fallback);
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": notes || undefined, "aria-invalid": problem ? true : undefined })}
      {hint && <p id={`${id}-hint`} className="field-hint">{hint}</p>}
      {problem && <p id={`${id}-error`} className="field-error"><CircleX aria-hidden="true" width={14} height={18} className="flex-none" />{words}</p>}
    </div>
  );
}

export function TextField({ label, value, onChange, isLong, placeholder, maxLength = 200, hint, problem, ...props }) {
  const Tag = isLong ? "textarea" : "input";
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(ties) => <Tag className="input input-small" {...props} {...ties} value={value ?? ""} placeholder={placeholder} maxLength={maxLength} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

/** A number, typed with a point or a comma; what is no number stays in the field and says so. */
export function NumberField({ label, value, onChange, isWhole, placeholder, hint, problem }) {
  const { words: { t, lang } } = useDesigner();
  const shown = value === null || value === undefined ? "" : lang === "pt-BR" ? String(value).replace(".", ",") : String(value);
  const [text, setText] = useState(shown);
  useEffect(() => setText((now) => (parsed(now) === (value ?? null) ? now : shown)), [shown, value]);
  const number = parsed(text);
  const isWrong = Number.isNaN(number) || (isWhole && number !== null && !Number.isInteger(number));
  const take = (words) => {
    setText(words);
    const read = parsed(words);
    if (!Number.isNaN(read) && !(isWhole && read !== null && !Number.isInteger(read))) onChange(read);
  };
  return (
    <Field label={label} hint={hint} problem={isWrong ? t(isWhole ? "designer.field.not_whole" : "designer.field.not_a_number") : problem}>
      {(ties) => <input className="input input-small" inputMode={isWhole ? "numeric" : "decimal"} {...ties} value={text} placeholder={placeholder} onChange={(event) => take(event.target.value)} />}
    </Field>
  );
}

/** Null where nothing is typed, NaN where it is no number. */
function parsed(text) {
  const number = text.trim().replace(",", ".");
  if (!number) return null;
  return /^-?\d+(\.\d+)?$/.test(number) ? Number(number) : NaN;
}

export function Select({ label, value, options, onChange, hint, problem }) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(ties) => (
        <select className="input input-small" {...ties} value={value ?? ""} onChange={(event) => onChange(event.target.value)}>
          {options.map(([option, words]) => <option key={option} value={option}>{words}</option>)}
        </select>
      )}
    </Field>
  );
}

/** A few choices side by side. */
export function Segments({ label, value, options, onChange, isLabelHidden }) {
  const id = useId();
  return (
    <div className="field">
      <span id={id} className={isLabelHidden ? "sr-only" : "field-label"}>{label}</span>
      <span className="segmented" role="group" aria-labelledby={id}>
        {options.map(([option, words]) => (
          <button key={option} type="button" className="segment" aria-pressed={option === value} onClick={() => onChange(option)}>{words}</button>
        ))}
      </span>
    </div>
  );
}

export function Check({ label, value, onChange }) {
  return (
    <label className="wd-check">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
