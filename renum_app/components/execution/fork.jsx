/** Fork: run again from a step on, perhaps with something changed; says first what is kept and what that saves. */
import { useEffect, useId, useState } from "react";
import { MOST_CHARS } from "./approval_text.jsx";
import { Dialog, Problem } from "./redo_dialog.jsx";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";

/** As long as the page is told of a prompt; a longer one is cut, and must not come back as an edit. */
const LONGEST_PROMPT = 2000;
const CHANGES = ["nothing", "output", "input", "initial_prompt"];

/** `forecast` is what the step last asked about would run again and keep; empty while that is unknown. */
export function ForkDialog({ run, from, prompt, version, currentVersion, forecast, problems, isBusy, onForesee, onFork, onClose }) {
  const { t } = useWords();
  const [step, setStep] = useState(from);
  const [change, setChange] = useState("nothing");
  const [texts, setTexts] = useState({});
  const [wanted, setWanted] = useState(version);
  const asksFor = wanted === version ? 0 : wanted;
  useEffect(() => { onForesee(step, change === "output", asksFor); }, [step, change === "output", asksFor]);
  const id = useId();
  const chosen = run.steps[step];
  const given = forecast?.from_step === step ? (forecast.input ?? "") : "";
  const begin = { output: answerOf(chosen), input: given, initial_prompt: prompt.length < LONGEST_PROMPT ? prompt : "" }[change] ?? "";
  const text = texts[`${change} ${step}`] ?? begin;
  const isBlank = change !== "nothing" && text.trim() === "";
  const isTooLong = change !== "nothing" && text.length > MOST_CHARS;
  const send = (event) => {
    event.preventDefault();
    if (!isBlank && !isTooLong) onFork({ from_step: step, change, text, team_version: asksFor });
  };
  return (
    <Dialog title={t("fork.title")} onClose={onClose} isWide>
      <form onSubmit={send} className="run-redo">
        <p className="run-quiet">{t("fork.about")}</p>
        <Problem problem={problems?.[""]} />
        <label className="field"><span className="field-label">{t("fork.from")}</span>
          <select className="input" value={step} onChange={(event) => setStep(event.target.value)}>
            {run.order.map((each, place) => <option key={each} value={each}>{`${place + 1}. ${run.steps[each].name}`}</option>)}
          </select>
          <Problem problem={problems?.from_step} />
        </label>
        <fieldset className="field">
          <legend className="field-label">{t("fork.change")}</legend>
          <div className="run-choices">
            {CHANGES.map((each) => (
              <label key={each} className="run-choice">
                <input type="radio" name={`${id}-change`} value={each} checked={change === each} onChange={() => setChange(each)} />
                <span><b>{t(`fork.change_${each}`)}</b><small>{t(`fork.hint_${each}`, { name: chosen?.name ?? step })}</small></span>
              </label>
            ))}
          </div>
        </fieldset>
        {change !== "nothing" && (
          <label className="field"><span className="field-label">{t(`fork.text_${change}`, { name: chosen?.name ?? step })}</span>
            <textarea className="input" rows={7} value={text} aria-invalid={isBlank || isTooLong} onChange={(event) => setTexts({ ...texts, [`${change} ${step}`]: event.target.value })} />
            {isTooLong ? <span className="field-error">{t("approval.too_long", { most: MOST_CHARS })}</span> : <Problem problem={problems?.[change]} />}
          </label>
        )}
        {currentVersion > version && (
          <label className="field"><span className="field-label">{t("fork.version")}</span>
            <select className="input" value={wanted} onChange={(event) => setWanted(Number(event.target.value))}>
              <option value={version}>{t("fork.version_same", { version })}</option>
              <option value={currentVersion}>{t("fork.version_current", { version: currentVersion })}</option>
            </select>
            <Problem problem={problems?.team_version} />
          </label>
        )}
        <Forecast run={run} forecast={forecast} />
        <div className="run-dialog-actions">
          <button type="button" className="btn btn-secondary" onClick={onClose}>{t("redo.cancel")}</button>
          <button type="submit" className="btn btn-primary" disabled={isBusy || isBlank || isTooLong}><Icon name="fork" />{t(isBusy ? "redo.starting" : "fork.confirm")}</button>
        </div>
      </form>
    </Dialog>
  );
}

const answerOf = (step) => step?.edited ?? (typeof step?.output === "string" ? step.output : (step?.output?.text ?? ""));

function Forecast({ run, forecast }) {
  const { t, money, number } = useWords();
  if (!forecast?.again) return <p className="run-forecast" aria-busy="true"><span className="skeleton" style={{ width: "32ch" }}>&nbsp;</span></p>;
  const names = (ids) => ids.map((id) => run.steps[id]?.name ?? id).join(", ");
  return (
    <div className="run-forecast" aria-live="polite">
      <p><Icon name="repeat" size={13} />{forecast.again.length ? t("fork.again", { n: forecast.again.length, names: names(forecast.again) }) : t("fork.again_none")}</p>
      <p><Icon name="reused" size={13} />{forecast.reused.length ? t("fork.kept", { n: forecast.reused.length, names: names(forecast.reused), cost: money(forecast.saved_cost_usd), tokens: number(forecast.saved_tokens) }) : t("fork.kept_none")}</p>
    </div>
  );
}
