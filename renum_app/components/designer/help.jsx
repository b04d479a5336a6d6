/** The keys, on one sheet. */
import { useEffect, useRef } from "react";
import { X } from "lucide-react";
import { useDesigner } from "./store.js";

const KEYS = [
  ["travel", "← ↑ → ↓"], ["nudge", "Alt ← ↑ → ↓"], ["add", "Tab"], ["edit", "Enter"], ["rename", "F2"], ["delete", "Del"], ["duplicate", "Ctrl D"],
  ["all", "Ctrl A"], ["let_go", "Esc"], ["undo", "Ctrl Z"], ["redo", "Ctrl Shift Z"], ["organise", "Ctrl O"], ["fit", "1"], ["full", "0"], ["save", "Ctrl S"], ["help", "?"],
];

export function Help({ isOpen, onClose }) {
  const { words: { t } } = useDesigner();
  const dialog = useRef(null);
  useEffect(() => {
    if (isOpen) dialog.current.showModal();
    else dialog.current.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="dialog" aria-label={t("designer.keys.title")} onClose={onClose}>
      <header className="wd-dialog-head">
        <h2>{t("designer.keys.title")}</h2>
        <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.close")} onClick={onClose}><X aria-hidden="true" /></button>
      </header>
      <dl className="wd-keys">
        {KEYS.map(([name, keys]) => (
          <div key={name}><dt>{t(`designer.keys.${name}`)}</dt><dd><kbd className="kbd">{keys}</kbd></dd></div>
        ))}
      </dl>
      <p className="field-hint">{t("designer.keys.leave")}</p>
    </dialog>
  );
}
