/** A team as a file: read one as YAML or JSON, which is YAML too, and write one. */
import { useId, useState } from "react";
import { translate, useLang } from "$/public/renum/i18n.js";

/** YAML is known only once somebody wants it: pages with a team on them load without. */
const yaml = () => import("$/public/external/renum_app/components/designer/designer/yaml.js");

const EMPTY = { name: "", workflow_definition: { type: "sequential", agents: [] }, team_config: {} };

export function ImportTeam({ onImport }) {
  const lang = useLang();
  const t = (key, params, fallback) => translate(lang, key, params, fallback);
  const id = useId();
  const [text, setText] = useState("");
  const [errors, setErrors] = useState([]);
  const take = (words) => {
    setText(words);
    setErrors([]);
  };
  const send = async (event) => {
    event.preventDefault();
    const { parsed } = await yaml();
    const { draft, errors: found } = parsed(text, EMPTY);
    setErrors(found);
    if (draft) onImport(draft);
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <p className="text-muted">{t("teams.import_text")}</p>
      <input
        type="file" accept=".yaml,.yml,.json" aria-label={t("teams.import_file")} className="input input-small"
        onChange={async (event) => event.target.files[0] && take(await event.target.files[0].text())}
      />
      <label className="field" htmlFor={id}>
        <span className="field-label">{t("teams.import_paste")}</span>
        <textarea id={id} className="input mono import-text" spellCheck={false} value={text} onChange={(event) => take(event.target.value)} aria-invalid={errors.length > 0} />
      </label>
      {errors.length > 0 && (
        <ul role="alert" className="field-error flex-col">
          {errors.slice(0, 5).map((error, place) => (
            <li key={place}>{t("teams.import_line", { line: error.line })} {t(error.key, error.params, error.fallback)}</li>
          ))}
        </ul>
      )}
      <div className="flex justify-end gap-2">
        <button type="button" className="btn btn-secondary" data-closes="">{t("common.cancel")}</button>
        <button type="submit" className="btn btn-primary" disabled={!text.trim()}>{t("teams.import_go")}</button>
      </div>
    </form>
  );
}

/** Two buttons, for the menu of a team; `team` is the body of `POST /teams`. */
export function ExportTeam({ team, className }) {
  const lang = useLang();
  const save = (ending, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = `${(team.name || "team").replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}.${ending}`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <button type="button" role="menuitem" className={className} onClick={async () => save("yaml", "application/yaml", (await yaml()).written(team))}>{translate(lang, "teams.export_yaml")}</button>
      <button type="button" role="menuitem" className={className} onClick={() => save("json", "application/json", JSON.stringify(team, null, 2))}>{translate(lang, "teams.export_json")}</button>
    </>
  );
}
