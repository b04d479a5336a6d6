/** Raise the limit and go on: a new execution that keeps what is done, under a new cap of its own. */
import { useState } from "react";
import { Dialog, Problem } from "./redo_dialog.jsx";
import { sum } from "./format.js";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";

export function ResumeDialog({ run, capUsd, capTokens, problems, isBusy, onResume, onClose }) {
  const { t, money, number } = useWords();
  const steps = run.order.map((id) => run.steps[id]);
  const done = steps.filter((step) => step.status === "completed");
  const needed = run.errorKey?.params?.needed ?? 0;
  const [cost, setCost] = useState(capUsd ? String(enough(capUsd, needed)) : "");
  const [tokens, setTokens] = useState(capTokens ? String(Math.ceil(enough(capTokens, needed))) : "");
  const send = (event) => {
    event.preventDefault();
    onResume(cost, tokens);
  };
  return (
    <Dialog title={t("resume.title")} onClose={onClose}>
      <form onSubmit={send} className="run-redo">
        <p className="run-quiet">{t("resume.about")}</p>
        <Problem problem={problems?.[""]} />
        <dl className="run-receipt">
          <div><dt>{t("resume.spent")}</dt><dd>{t("receipt.amount", { cost: money(sum(steps.map((step) => step.cost))), tokens: number(sum(steps.map((step) => step.tokens))) })}</dd></div>
          <div><dt>{t("resume.done")}</dt><dd>{done.map((step) => step.name).join(", ") || "—"}</dd></div>
        </dl>
        {(capUsd > 0 || !capTokens) && (
          <label className="field"><span className="field-label">{t("resume.cost")}</span>
            <input className="input" inputMode="decimal" value={cost} autoFocus onChange={(event) => setCost(event.target.value)} />
            {problems?.max_cost_usd ? <Problem problem={problems.max_cost_usd} /> : capUsd > 0 && <span className="field-hint">{t("resume.was", { cap: money(capUsd) })}</span>}
          </label>
        )}
        {capTokens > 0 && (
          <label className="field"><span className="field-label">{t("resume.tokens")}</span>
            <input className="input" inputMode="numeric" value={tokens} onChange={(event) => setTokens(event.target.value)} />
            {problems?.max_tokens ? <Problem problem={problems.max_tokens} /> : <span className="field-hint">{t("resume.was", { cap: number(capTokens) })}</span>}
          </label>
        )}
        <div className="run-dialog-actions">
          <button type="button" className="btn btn-secondary" onClick={onClose}>{t("redo.cancel")}</button>
          <button type="submit" className="btn btn-primary" disabled={isBusy}><Icon name="raise" />{t(isBusy ? "redo.starting" : "resume.confirm")}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Doubled, and room for the step that did not fit and one like it; without the dust of binary fractions. */
const enough = (cap, needed) => Number(Math.max(2 * cap, 2 * needed).toPrecision(6));
