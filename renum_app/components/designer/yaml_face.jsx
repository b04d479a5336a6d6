/** The team as YAML: to read, copy, keep as a file, and to change or bring from elsewhere. */
import { useMemo, useRef, useState } from "react";
import { Check as CheckIcon, CircleX, Copy, Download, Upload } from "lucide-react";
import { find } from "./draft.js";
import { useDesigner } from "./store.js";
import { lineOfProblem, parsed, written } from "./yaml.js";

export function YamlFace() {
  const { state: { draft }, run, agents, problems, words: { t } } = useDesigner();
  const text = useMemo(() => written(draft, (id) => agents.get(id)?.name ?? find(draft, id)?.name), [draft, agents]);
  const [edited, setEdited] = useState(null);
  const area = useRef(null);
  const shown = edited ?? text;
  const result = useMemo(() => (edited === null ? null : parsed(edited, draft)), [edited, draft]);
  const errors = result ? result.errors : problems.map((problem) => ({ line: lineOfProblem(text, problem.path), ...problem.message }));
  const apply = () => {
    if (!result?.draft) return;
    run("replace", { draft: result.draft });
    setEdited(null);
  };
  return (
    <div className="wd-yaml">
      <div className="wd-yaml-bar">
        <CopyButton text={shown} />
        <button type="button" className="btn btn-secondary btn-small" onClick={() => download(shown, draft.name)}><Download aria-hidden="true" />{t("designer.yaml.download")}</button>
        <label className="btn btn-secondary btn-small">
          <Upload aria-hidden="true" />{t("designer.yaml.import")}
          <input type="file" className="sr-only" accept=".yaml,.yml,.json,text/yaml" onChange={(event) => take(event, setEdited)} />
        </label>
        <span className="wd-spring" />
        {edited !== null && (
          <>
            <button type="button" className="btn btn-quiet btn-small" onClick={() => setEdited(null)}>{t("designer.yaml.discard")}</button>
            <button type="button" className="btn btn-primary btn-small" disabled={!result.draft} onClick={apply}>{t("designer.yaml.apply")}</button>
          </>
        )}
      </div>
      <div className="wd-yaml-page">
        <Numbers text={shown} errors={errors} />
        <textarea
          ref={area} className="wd-yaml-text" aria-label={t("designer.yaml.label")} aria-describedby="wd-yaml-errors" aria-invalid={errors.length > 0} spellCheck={false} autoCapitalize="off" wrap="off"
          rows={Math.max(shown.split("\n").length, 12)} value={shown} onChange={(event) => setEdited(event.target.value)}
          onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && apply()}
        />
      </div>
      <div id="wd-yaml-errors" aria-live="polite">
        {errors.length > 0 && (
          <ul className="wd-yaml-errors">
            {errors.map((error, place) => (
              <li key={`${error.line}-${place}`}>
                <button type="button" className="wd-problem" onClick={() => goTo(area.current, error.line)}>
                  <CircleX aria-hidden="true" /><strong>{t("designer.yaml.line", { n: error.line })}</strong><span>{t(error.key, error.params, error.fallback)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {result?.draft && <p className="wd-problems wd-fine"><CheckIcon aria-hidden="true" />{t("designer.yaml.fits")}</p>}
      </div>
    </div>
  );
}

function Numbers({ text, errors }) {
  const wrong = new Set(errors.map((error) => error.line));
  return (
    <ol className="wd-yaml-numbers" aria-hidden="true">
      {text.split("\n").map((_, place) => <li key={place} data-wrong={wrong.has(place + 1) || undefined}>{place + 1}</li>)}
    </ol>
  );
}

function CopyButton({ text }) {
  const { words: { t } } = useDesigner();
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <button type="button" className="btn btn-secondary btn-small" onClick={copy}>
      {isDone ? <CheckIcon aria-hidden="true" /> : <Copy aria-hidden="true" />}<span aria-live="polite">{t(isDone ? "designer.yaml.copied" : "designer.yaml.copy")}</span>
    </button>
  );
}

function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  const words = name.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase();
  Object.assign(document.createElement("a"), { href: url, download: `${words || "team"}.yaml` }).click();
  URL.revokeObjectURL(url);
}

async function take(event, setEdited) {
  const input = event.target;
  const [file] = input.files;
  if (file) setEdited(await file.text());
  input.value = "";
}

/** Put the cursor at the start of a line, and the line in sight. */
function goTo(area, line) {
  const start = area.value.split("\n").slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  area.closest(".wd-yaml")?.scrollTo({ top: Math.max(0, (line - 6) * 20) });
}
