/** The frame of the dialogs that begin an execution from an ended one. */
import { useEffect, useId, useRef } from "react";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";

/** The browser's own modal: focus stays inside, Esc closes it. */
export function Dialog({ title, onClose, isWide = false, children }) {
  const id = useId();
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={box} className="dialog run-dialog" data-wide={isWide || undefined} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

export function Problem({ problem }) {
  const { any } = useWords();
  if (!problem) return null;
  return <span className="field-error" role="alert"><Icon name="failed" size={13} />{any(problem.key, problem.params, problem.fallback)}</span>;
}
