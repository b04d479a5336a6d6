/** The second step of the sign-in. Secret and codes go from the answer to the eye: no State of the server holds them. */
import { useEffect, useState } from "react";
import { translate, useLang } from "$/public/renum/i18n.js";

const PATH = "/auth/two-steps";

export function TwoSteps({ onChanged }) {
  const lang = useLang();
  const t = (key, params) => translate(lang, `account.${key}`, params ?? {});
  const [now, setNow] = useState(null);
  const [step, setStep] = useState({ name: "rest" });
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);

  const ask = async (path, body) => {
    setBusy(true);
    setProblem("");
    const answer = await request(lang, path, body).catch(() => ({ error: { message: t("unreachable") } }));
    setBusy(false);
    if (answer.error) setProblem(sentence(answer.error));
    return answer.error ? null : answer;
  };
  const look = async () => setNow(await ask(""));
  const rest = () => { setStep({ name: "rest" }); setProblem(""); look(); onChanged?.(); };
  useEffect(() => { look(); }, [lang]);

  const forms = {
    begin: async ({ password }) => {
      const secret = await ask("", { password });
      if (secret) setStep({ name: "scan", secret });
    },
    off: async ({ password }) => { if (await ask("/off", { password })) rest(); },
    renew: async ({ password }) => {
      const made = await ask("/codes", { password });
      if (made) setStep({ name: "codes", codes: made.recovery_codes });
    },
    scan: async ({ code }) => {
      const made = await ask("/confirm", { code });
      if (made) setStep({ name: "codes", codes: made.recovery_codes });
    },
  };
  const send = (event) => {
    event.preventDefault();
    forms[step.name](Object.fromEntries(new FormData(event.currentTarget)));
  };
  const go = (name) => () => { setStep({ name }); setProblem(""); };

  if (step.name === "codes") return <Codes codes={step.codes} t={t} onKept={rest} />;
  if (step.name === "rest") return <Rest now={now} problem={problem} t={t} go={go} />;
  return (
    <form onSubmit={send} className="flex flex-col gap-4">
      {step.name === "scan" ? <Scan secret={step.secret} t={t} /> : <Again key={step.name} t={t} />}
      {problem && <p className="field-error" role="alert">{problem}</p>}
      <div className="flex justify-end gap-2">
        <button type="button" className="btn btn-secondary" onClick={rest}>{translate(lang, "common.cancel", {})}</button>
        <button type="submit" className={`btn ${step.name === "off" ? "btn-danger" : "btn-primary"}`} disabled={isBusy}>
          {t({ scan: "confirm", off: "two_steps_turn_off", begin: "go_on", renew: "two_steps_renew" }[step.name])}
        </button>
      </div>
    </form>
  );
}

function Rest({ now, problem, t, go }) {
  if (!now) return problem ? <p className="field-error" role="alert">{problem}</p> : <div className="skeleton h-10" />;
  return (
    <div className="flex flex-col gap-3">
      {now.is_required && !now.is_on && <p className="notice" data-tone="warning" role="alert"><span>{t("two_steps_required")}</span></p>}
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-[260px]">
          <span className="badge" data-tone={now.is_on ? "completed" : "cancelled"}>{t(now.is_on ? "two_steps_on" : "two_steps_off")}</span>
          <p className="text-muted mt-1.5">{now.is_on ? t("two_steps_left", { n: now.recovery_codes }) : t("two_steps_text")}</p>
        </div>
        {now.is_on ? (
          <div className="flex flex-wrap gap-2">
            <button type="button" className="btn btn-secondary" onClick={go("renew")}>{t("two_steps_renew")}</button>
            <button type="button" className="btn btn-secondary" onClick={go("off")}>{t("two_steps_turn_off")}</button>
          </div>
        ) : <button type="button" className="btn btn-secondary" onClick={go("begin")}>{t("two_steps_begin")}</button>}
      </div>
    </div>
  );
}

function Again({ t }) {
  return (
    <div className="field">
      <label htmlFor="two-steps-password" className="field-label">{t("password_again")}</label>
      <input id="two-steps-password" name="password" type="password" className="input" autoComplete="current-password" required autoFocus />
    </div>
  );
}

function Scan({ secret, t }) {
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-4">
      <div className="qr" role="img" aria-label={t("picture")} dangerouslySetInnerHTML={{ __html: secret.picture }} />
      <div className="flex flex-col gap-4 min-w-0 flex-1 basis-[240px]">
        <div>
          <p>{t("scan")}</p>
          <p className="field-hint mt-1">{t("type_secret")}</p>
          <code className="mono break-all">{secret.secret.match(/.{1,4}/g).join(" ")}</code>
        </div>
        <div className="field">
          <label htmlFor="two-steps-code" className="field-label">{t("first_code")}</label>
          <input id="two-steps-code" name="code" className="input mono tracking-[0.2em]" inputMode="numeric" autoComplete="one-time-code" maxLength={12} required autoFocus />
        </div>
      </div>
    </div>
  );
}

function Codes({ codes, t, onKept }) {
  const [isCopied, setCopied] = useState(false);
  // Without https there is no clipboard; the codes can be selected.
  const copy = () => navigator.clipboard?.writeText(codes.join("\n")).then(() => setCopied(true), () => setCopied(false));
  return (
    <div className="flex flex-col gap-4" role="status">
      <div className="notice" data-tone="warning">
        <div><strong>{t("recovery_title")}</strong><p>{t("recovery_text")}</p></div>
      </div>
      <ul className="recovery-codes">{codes.map((code) => <li key={code} className="mono">{code}</li>)}</ul>
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-secondary" onClick={copy}>{t(isCopied ? "copied" : "copy")}</button>
        <button type="button" className="btn btn-primary" onClick={onKept}>{t("kept")}</button>
      </div>
    </div>
  );
}

async function request(lang, path, body) {
  const answer = await fetch(PATH + path, {
    method: body ? "POST" : "GET",
    headers: { "Accept-Language": lang, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  if (answer.status === 401) location.assign("/login?next=/settings/security");
  return answer.status === 204 ? {} : answer.json();
}

/** What is wrong with the one field there is, or with the whole. */
function sentence({ message, details }) {
  return details?.fields?.[0]?.message ?? message;
}
