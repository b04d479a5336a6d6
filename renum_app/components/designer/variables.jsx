/** What whoever executes the team is asked for; conditions and agents read it as `global_variables.<name>`. */
import { Plus, X } from "lucide-react";
import { TextField } from "./fields.jsx";
import { typed } from "./evaluate.js";
import { useDesigner } from "./store.js";

const MOST = 50;

export function Variables() {
  const { state: { draft }, run, problems, words: { t } } = useDesigner();
  const variables = draft.team_config?.variables ?? [];
  const put = (next, merge) => run("limit", { patch: { variables: next } }, { merge });
  const change = (place, patch) => put(variables.map((each, other) => (other === place ? { ...each, ...patch } : each)), `variable-${place}-${Object.keys(patch)}`);
  const wrong = (place, name) => problems.find((problem) => problem.id === null && problem.field === `team_config.variables.${place}.${name}`);
  return (
    <fieldset className="wd-group">
      <legend className="field-label">{t("executions.form.variables")}</legend>
      <p className="field-hint">{t("teams.wizard.variables_hint")}</p>
      {variables.map((variable, place) => (
        <div key={place} className="wd-variable" role="group" aria-label={variable.name || t("teams.field.variable")}>
          <TextField label={t("teams.variable.name")} maxLength={100} value={variable.name} onChange={(name) => change(place, { name: name.trim() })} problem={wrong(place, "name")} />
          <TextField label={t("teams.variable.default")} maxLength={2000} value={shown(variable.default)} onChange={(words) => change(place, { default: words === "" ? null : typed(words) })} problem={wrong(place, "default")} />
          <TextField label={t("teams.variable.description")} maxLength={300} value={variable.description} onChange={(description) => change(place, { description })} problem={wrong(place, "description")} />
          <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.variable.remove", { name: variable.name })} onClick={() => put(variables.filter((_, other) => other !== place))}><X aria-hidden="true" /></button>
        </div>
      ))}
      {variables.length < MOST && (
        <button type="button" className="btn btn-secondary btn-small wd-add" onClick={() => put([...variables, { name: "", description: "" }])}><Plus aria-hidden="true" />{t("executions.form.add_variable")}</button>
      )}
    </fieldset>
  );
}

const shown = (value) => (value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));
