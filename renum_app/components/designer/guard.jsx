/** Nobody leaves with unsaved changes without meaning to: not by a link, the way back, a key, or the tab's own cross. */
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { useDesigner } from "./store.js";

export function Guard({ isDirty }) {
  const { words: { t } } = useDesigner();
  const dialog = useRef(null);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname);
  const isAsking = blocker.state === "blocked";
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event) => event.preventDefault();
    addEventListener("beforeunload", onUnload);
    return () => removeEventListener("beforeunload", onUnload);
  }, [isDirty]);
  useEffect(() => {
    if (isAsking) dialog.current.showModal();
    else dialog.current.close();
  }, [isAsking]);
  const stay = () => blocker.reset?.();
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="wd-guard-title" onClose={stay}>
      <h2 id="wd-guard-title">{t("designer.guard.title")}</h2>
      <p className="wd-guard-text">{t("designer.guard.text")}</p>
      <div className="wd-guard-actions">
        <button type="button" className="btn btn-secondary" onClick={() => blocker.proceed?.()}>{t("designer.guard.leave")}</button>
        <button type="button" className="btn btn-primary" onClick={stay}>{t("designer.guard.stay")}</button>
      </div>
    </dialog>
  );
}
