/** How the team works, by which face one sees it, and what one can do with all of it. */
import { List, Network, Plus, Redo2, Save, Undo2, WandSparkles } from "lucide-react";
import { kindOf, membersOf } from "./draft.js";
import { canRedo, canUndo } from "./model.js";
import { STRATEGIES } from "./strategy.js";
import { useDesigner } from "./store.js";

const FACES = [["canvas", Network], ["outline", List], ["yaml", null]];

export function Toolbar({ face, onFace, onAddMember, onSave, isDirty, isSaving }) {
  const { state, run, undo, redo, isEmbedded, words: { t } } = useDesigner();
  const { draft } = state;
  return (
    <div className="wd-bar">
      {!isEmbedded && (
        <div className="segmented wd-strategies" role="group" aria-label={t("teams.form.strategy")}>
          {STRATEGIES.map((kind) => (
            <button key={kind} type="button" className="segment" aria-pressed={kind === kindOf(draft)} title={t(`teams.strategy_text.${kind}`)} onClick={() => run("retype", { kind })}>{t(`teams.strategy.${kind}`)}</button>
          ))}
        </div>
      )}
      <span className="wd-spring" />
      <span className="tag wd-count">{t("teams.size", { n: membersOf(draft).length })}</span>
      <span className="wd-history">
        <Quiet label={t("designer.undo")} disabled={!canUndo(state)} onClick={undo}><Undo2 aria-hidden="true" /></Quiet>
        <Quiet label={t("designer.redo")} disabled={!canRedo(state)} onClick={redo}><Redo2 aria-hidden="true" /></Quiet>
      </span>
      {face === "canvas" && (
        <>
          <button type="button" className="btn btn-secondary wd-only-narrow" onClick={onAddMember}><Plus aria-hidden="true" /><span className="wd-btn-words">{t("designer.add")}</span></button>
          <button type="button" className="btn btn-secondary" onClick={() => run("organise")}><WandSparkles aria-hidden="true" /><span className="wd-btn-words">{t("designer.organise")}</span></button>
        </>
      )}
      <div className="segmented wd-faces" role="group" aria-label={t("designer.face.label")}>
        {FACES.map(([name, Icon]) => (
          <button key={name} type="button" className="segment wd-face-choice" aria-pressed={face === name} onClick={() => onFace(name)}>{Icon && <Icon aria-hidden="true" />}{t(`designer.face.${name}`)}</button>
        ))}
      </div>
      {onSave && (
        <button type="button" className="btn btn-primary" disabled={!isDirty || isSaving} onClick={onSave}><Save aria-hidden="true" /><span className="wd-btn-words">{t(isSaving ? "designer.saving" : isDirty ? "common.save" : "designer.saved")}</span></button>
      )}
    </div>
  );
}

function Quiet({ label, children, ...props }) {
  return <button type="button" className="btn btn-quiet btn-icon" aria-label={label} title={label} {...props}>{children}</button>;
}
