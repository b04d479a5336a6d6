/** What holds for the whole team: its words, how branches come together, how far an execution may go. */
import { isCoordinator, isParallel, kindOf, membersOf } from "./draft.js";
import { NumberField, Select, TextField } from "./fields.jsx";
import { useDesigner } from "./store.js";
import { Variables } from "./variables.jsx";

const JOINS = ["all", "any", "first", "k"];
const LIMITS = [["max_cost_usd", false], ["monthly_budget_usd", false], ["max_tokens", true], ["timeout", false], ["max_concurrency", true]];

export function TeamPanel() {
  const { state: { draft }, run, words: { t }, problems, isEmbedded } = useDesigner();
  const wrong = (path) => problems.find((problem) => problem.id === null && problem.field === path);
  const config = draft.team_config ?? {};
  return (
    <div className="wd-panel">
      {!isEmbedded && (
        <>
          <TextField label={t("teams.form.name")} value={draft.name} onChange={(name) => run("describe", { patch: { name } }, { merge: "team-name" })} problem={wrong("name")} />
          <TextField label={t("teams.form.description")} isLong maxLength={2000} value={draft.description} onChange={(text) => run("describe", { patch: { description: text || null } }, { merge: "team-description" })} problem={wrong("description")} />
        </>
      )}
      <p className="wd-strategy-words">{t(`teams.strategy_text.${kindOf(draft)}`)}</p>
      {isEmbedded && <p className="field-hint">{t("designer.team.hint")}</p>}
      {isParallel(draft) && (
        <>
          <Select label={t("designer.field.join")} value={config.join ?? "all"} options={JOINS.map((each) => [each, t(`teams.join.${each}`)])} problem={wrong("team_config.join")} onChange={(join) => run("limit", { patch: { join, join_k: join === "k" ? (config.join_k ?? 1) : null } })} />
          {config.join === "k" && (
            <NumberField
              label={t("designer.field.join_k")} isWhole value={config.join_k} problem={wrong("team_config.join_k")} onChange={(join_k) => run("limit", { patch: { join_k } }, { merge: "join_k" })}
              hint={t("designer.field.join_k_hint", { n: membersOf(draft).filter((member) => !isCoordinator(member)).length })}
            />
          )}
        </>
      )}
      {!isEmbedded && (
        <fieldset className="wd-group">
          <legend className="field-label">{t("designer.team.limits")}</legend>
          {LIMITS.map(([name, isWhole]) => (
            <NumberField key={name} label={t(`teams.limit.${name}`)} isWhole={isWhole} value={config[name]} placeholder={t("teams.no_limit")} onChange={(value) => run("limit", { patch: { [name]: value } }, { merge: name })} problem={wrong(`team_config.${name}`)} />
          ))}
        </fieldset>
      )}
      {!isEmbedded && <Variables />}
      {!isEmbedded && <p className="field-hint">{t("teams.edit_sub")}</p>}
    </div>
  );
}
