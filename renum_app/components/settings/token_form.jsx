/** Making an API token. The token goes from the answer to the eye and the clipboard: no State of the server holds it. */
import { useEffect, useRef, useState } from "react";
import { translate, useLang } from "$/public/renum/i18n.js";

const DAYS = [7, 30, 90, 180, 365];
const USUAL_DAYS = 90;

export function TokenForm({ scopes, onMade }) {
  const lang = useLang();
  const t = (key, params, fallback) => translate(lang, key, params, fallback);
  const [made, setMade] = useState(null);
  const [problems, setProblems] = useState({});
  const [isBusy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const send = async (event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await ask(lang, {
      name: data.get("name"), scopes: data.getAll("scopes"), expires_in_days: Number(data.get("expires_in_days")),
    }).catch(() => ({ error: { message: t("tokens.unreachable") } }));
    setBusy(false);
    setProblems(answer.error ? byField(answer.error) : {});
    if (answer.error) return;
    setMade(answer);
    setRound(round + 1);
    onMade?.();
  };
  if (made) return <Made token={made} t={t} onClose={() => setMade(null)} />;
  return (
    <form key={round} onSubmit={send} noValidate className="flex flex-col gap-5">
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_180px]">
        <div className="field">
          <label htmlFor="token-name" className="field-label">{t("tokens.name")}</label>
          <input id="token-name" name="name" className="input" maxLength={200} autoComplete="off" placeholder={t("tokens.name_example")} aria-invalid={Boolean(problems.name)} />
          <Problem text={problems.name} />
        </div>
        <div className="field">
          <label htmlFor="token-days" className="field-label">{t("tokens.expires_in")}</label>
          <select id="token-days" name="expires_in_days" defaultValue={USUAL_DAYS} className="input">
            {DAYS.map((n) => <option key={n} value={n}>{t("tokens.days", { n })}</option>)}
          </select>
        </div>
      </div>
      <fieldset className="field">
        <legend className="field-label mb-2">{t("tokens.scopes")}</legend>
        <div className="scopes">
          {scopes.map((scope) => (
            <label key={scope} className="scope">
              <input type="checkbox" name="scopes" value={scope} />
              <span><code className="mono">{scope}</code><span>{t(`tokens.scope.${scope.replace(":", "_")}`)}</span></span>
            </label>
          ))}
        </div>
        <Problem text={problems.scopes} />
      </fieldset>
      <div className="flex items-center justify-end gap-3">
        <Problem text={problems[""]} />
        <button type="submit" className="btn btn-primary" disabled={isBusy}>{t("tokens.make")}</button>
      </div>
    </form>
  );
}

function Made({ token, t, onClose }) {
  const field = useRef(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => field.current?.select(), []);
  const copy = async () => {
    field.current.select();
    try {
      await navigator.clipboard.writeText(token.token);
      setCopied(true);
    } catch {
      setCopied(false); // without https there is no clipboard; the text is selected for the keyboard
    }
  };
  return (
    <div className="flex flex-col gap-4" role="status">
      <p className="notice" data-tone="warning"><span>{t("tokens.shown_once")}</span></p>
      <div className="field">
        <label htmlFor="token-made" className="field-label">{t("tokens.made", { name: token.name })}</label>
        <div className="flex gap-2">
          <input id="token-made" ref={field} readOnly value={token.token} className="input mono min-w-0" onFocus={(event) => event.target.select()} spellCheck={false} />
          <button type="button" className="btn btn-secondary flex-none min-h-10!" onClick={copy}>{t(isCopied ? "tokens.copied" : "tokens.copy")}</button>
        </div>
        <p className="field-hint">{t("tokens.use")}</p>
        <pre className="token-use"><code>{`curl ${location.origin}/api/v1/auth/me \\\n  -H "Authorization: Bearer $RENUM_TOKEN"`}</code></pre>
      </div>
      <div className="flex justify-end"><button type="button" className="btn btn-primary" onClick={onClose}>{t("tokens.kept")}</button></div>
    </div>
  );
}

function Problem({ text }) {
  return text ? <p className="field-error" role="alert">{text}</p> : null;
}

async function ask(lang, body) {
  const answer = await fetch("/auth/tokens", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": lang },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) location.assign("/login?next=/settings/tokens");
  return answer.json();
}

/** The first sentence of each field; what belongs to none stands under "". */
function byField({ message, details }) {
  const found = {};
  for (const each of details?.fields ?? []) found[each.field.split(".")[0]] ??= each.message;
  return Object.keys(found).length ? found : { "": message };
}
