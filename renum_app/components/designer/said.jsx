/** What an edit did beyond what was asked for, or why it was refused; with the way back beside it. */
import { Info, TriangleAlert, X } from "lucide-react";
import { useDesigner } from "./store.js";
import { said } from "./words.js";

export function Said() {
  const { state, undo, hush, agents, words: { t } } = useDesigner();
  const sentences = state.refusal ? [state.refusal] : state.said;
  const Icon = state.refusal ? TriangleAlert : Info;
  return (
    <div className="wd-said" role="status" data-tone={state.refusal ? "waiting" : "running"} data-quiet={sentences.length === 0 || undefined}>
      {sentences.length > 0 && (
        <>
          <Icon aria-hidden="true" />
          <p>{sentences.map((sentence) => said(sentence, { t, draft: state.draft, agents })).join(" ")}</p>
          {!state.refusal && <button type="button" className="btn btn-secondary btn-small" onClick={undo}>{t("designer.undo")}</button>}
          <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.close")} onClick={hush}><X aria-hidden="true" /></button>
        </>
      )}
    </div>
  );
}
