/** What one does with the view itself: nearer, farther, all of it, the map, the keys. */
import { Map as MapIcon, Maximize, Minus, Plus } from "lucide-react";
import { motion } from "./motion.js";
import { useDesigner } from "./store.js";

export function CanvasTools({ flow, fit, hasMap, onMap, onHelp }) {
  const { words: { t } } = useDesigner();
  return (
    <div className="wd-tools" role="toolbar" aria-label={t("designer.canvas.tools")}>
      <Tool label={t("designer.canvas.map")} isPressed={hasMap} onClick={onMap}><MapIcon /></Tool>
      <Tool label={t("designer.canvas.out")} onClick={() => flow.zoomOut({ duration: motion() })}><Minus /></Tool>
      <Tool label={t("designer.canvas.in")} onClick={() => flow.zoomIn({ duration: motion() })}><Plus /></Tool>
      <Tool label={t("designer.canvas.fit")} onClick={fit}><Maximize /></Tool>
      <Tool label={t("designer.keys.title")} onClick={onHelp}><span aria-hidden="true">?</span></Tool>
    </div>
  );
}

function Tool({ label, isPressed, onClick, children }) {
  return <button type="button" className="btn btn-secondary btn-icon" aria-label={label} title={label} aria-pressed={isPressed} onClick={onClick}>{children}</button>;
}
