/** Nobody leaves with unsaved changes without meaning to. */
import { useEffect, useRef, useState } from "react";
import { useDesigner } from "./store.js";

export function Guard({ isDirty }) {
  const { words: { t } } = useDesigner();
  const [target, setTarget] = useState(null);
  const dialog = useRef(null);
  const isLeaving = useRef(false);
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event) => event.preventDefault();
    // Before the router sees it: links in the shell are its own.
    const onClick = (event) => {
      const link = event.target.closest?.("a[href]");
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (isLeaving.current || !link || !isPlain || link.target === "_blank" || link.hash || link.origin !== location.origin) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(link);
      dialog.current.showModal();
    };
    addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [isDirty]);
  const leave = () => {
    isLeaving.current = true;
    dialog.current.close();
    target.click();
    isLeaving.current = false;
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="wd-guard-title">
      <h2 id="wd-guard-title">{t("designer.guard.title")}</h2>
      <p className="wd-guard-text">{t("designer.guard.text")}</p>
      <div className="wd-guard-actions">
        <button type="button" className="btn btn-secondary" onClick={leave}>{t("designer.guard.leave")}</button>
        <button type="button" className="btn btn-primary" autoFocus onClick={() => dialog.current.close()}>{t("designer.guard.stay")}</button>
      </div>
    </dialog>
  );
}
