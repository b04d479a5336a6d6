/** When a member runs: conditions on what others found out, with the values that were seen last. */
import { useEffect, useId, useState } from "react";
import { Plus, X } from "lucide-react";
import { groupsOf, idOf, membersOf } from "./draft.js";
import { OPERATORS, holds, typed } from "./evaluate.js";
import { Segments } from "./fields.jsx";
import { problemOf } from "./problems.js";
import { useDesigner } from "./store.js";
import { isUnary } from "./words.js";

const MOST = 10;

export function Conditions({ member }) {
  const { state: { draft }, run, words: { t }, problems } = useDesigner();
  const id = idOf(member);
  const conditions = member.conditions ?? [];
  const put = (next, merge) => run("change", { id, patch: { conditions: next.length ? next : null, ...(next.length > 1 ? {} : { conditions_mode: null }) } }, { merge });
  const change = (place, patch) => put(conditions.map((each, other) => (other === place ? { ...each, ...patch } : each)), `condition:${id}:${place}:${Object.keys(patch)}`);
  const problem = problemOf(problems, id, "conditions");
  return (
    <fieldset className="wd-group">
      <legend className="field-label">{t("designer.field.when")}</legend>
      {conditions.length === 0 && <p className="field-hint">{t("designer.condition.always")}</p>}
      {conditions.length > 1 && (
        <Segments
          label={t("designer.condition.mode")} isLabelHidden value={member.conditions_mode ?? "all"} onChange={(mode) => run("change", { id, patch: { conditions_mode: mode } })}
          options={[["all", t("designer.condition.all")], ["any", t("designer.condition.any")]]}
        />
      )}
      {conditions.map((condition, place) => (
        <Row key={place} place={place} condition={condition} fields={fieldsFor(draft, id)} onChange={(patch) => change(place, patch)} onRemove={() => put(conditions.filter((_, other) => other !== place))} />
      ))}
      {problem && <p className="field-error">{t(problem.message.key, problem.message.params, problem.message.fallback)}</p>}
      {conditions.length < MOST && (
        <button type="button" className="btn btn-secondary btn-small wd-add" onClick={() => put([...conditions, { field: "", operator: "greater_than", value: "" }])}>
          <Plus aria-hidden="true" />{t(conditions.length ? "designer.condition.add_another" : "designer.condition.add")}
        </button>
      )}
    </fieldset>
  );
}

/** Fields that something before this member may have written, or whoever executes gives, besides those that were seen. */
function fieldsFor(draft, id) {
  const groups = groupsOf(draft);
  const before = groups.slice(0, groups.findIndex((group) => group.includes(id))).flat();
  const used = membersOf(draft).flatMap((member) => member.conditions ?? []).map((condition) => condition.field);
  const given = (draft.team_config?.variables ?? []).map((variable) => variable.name);
  return [...used, ...given, ...before.map((each) => `agent_results.${each}.text`)].filter(Boolean);
}

function Row({ place, condition, fields, onChange, onRemove }) {
  const { seen, words } = useDesigner();
  const { t } = words;
  const list = useId();
  const last = seen.find((each) => samePath(each.field, condition.field));
  const known = [...new Set([...seen.map((each) => each.field), ...fields])];
  return (
    <div className="wd-condition" role="group" aria-label={t("designer.condition.number", { n: place + 1 })}>
      <input
        className="input input-small mono wd-condition-field" list={list} aria-label={t("designer.condition.field")} placeholder="debt_ratio" maxLength={200}
        value={condition.field} onChange={(event) => onChange({ field: event.target.value.trim() })}
      />
      <datalist id={list}>
        {known.map((field) => {
          const value = seen.find((each) => each.field === field);
          return <option key={field} value={field}>{value ? shortened(value.value, words) : ""}</option>;
        })}
      </datalist>
      <span className="wd-condition-test">
        <select className="input input-small" aria-label={t("designer.condition.operator")} value={condition.operator} onChange={(event) => onChange(isUnary(event.target.value) ? { operator: event.target.value, value: null } : { operator: event.target.value, value: condition.value ?? "" })}>
          {OPERATORS.map((operator) => <option key={operator} value={operator}>{t(`teams.operator.${operator}`)}</option>)}
        </select>
        {!isUnary(condition.operator) && <ValueField label={t("designer.condition.value")} value={condition.value} lang={words.lang} onChange={(value) => onChange({ value })} />}
      </span>
      <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.condition.remove", { n: place + 1 })} onClick={onRemove}><X aria-hidden="true" /></button>
      {last && condition.field && (
        <p className="field-hint wd-condition-seen">
          {t("designer.condition.seen", { value: shortened(last.value, words) })}
          {" → "}
          <strong>{t(holds(condition, last.value) ? "designer.condition.would_run" : "designer.condition.would_not")}</strong>
        </p>
      )}
    </div>
  );
}

/** A bare word means `shared_context.<word>`, then `global_variables.<word>`. */
const samePath = (path, word) => path === word || path === `shared_context.${word}` || path === `global_variables.${word}` || `shared_context.${path}` === word;

function shortened(value, { number }) {
  if (typeof value === "number") return number(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function ValueField({ label, value, lang, onChange }) {
  const shown = typeof value === "number" ? (lang === "pt-BR" ? String(value).replace(".", ",") : String(value)) : value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return <Typed key={lang} label={label} shown={shown} value={value} onChange={onChange} />;
}

/** Keeps the text as typed (`3,` on the way to `3,5`) while the model gets what it means. */
function Typed({ label, shown, value, onChange }) {
  const [text, setText] = useState(shown);
  useEffect(() => setText((now) => (typed(now) === value ? now : shown)), [shown, value]);
  const take = (words) => {
    setText(words);
    onChange(typed(words));
  };
  return <input className="input input-small wd-condition-value" aria-label={label} value={text} maxLength={2000} onChange={(event) => take(event.target.value)} />;
}
