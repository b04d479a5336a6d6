/** The keys of the execution page; typing, dialogs and other controls' own keys come first. */
import { useEffect } from "react";
import { isFinal } from "./reducer.js";
import { lookAt, lookFurther, openDialog, select, selectNext, viewOf } from "./store.js";

const TYPING = "input, textarea, select, [contenteditable=true], dialog[open] *";
const ARROWED = "[role=tablist] *, [role=slider], [role=log], [role=region], .run-lanes *";

export function useKeys(executionId) {
  useEffect(() => {
    if (!executionId) return undefined;
    const press = (event) => {
      const isTaken = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING);
      if (isTaken || document.querySelector("dialog[open]") || !act(executionId, event)) return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [executionId]);
}

/** True when the key meant something. */
function act(executionId, { key, target }) {
  const { run, live, selected, isPinned } = viewOf(executionId);
  if (key.startsWith("Arrow") && target.closest?.(ARROWED)) return false;
  switch (key) {
    case " ":
      if (target.closest?.("button, a, summary")) return false;
      if (run.shownAt !== null) lookAt(executionId, null);
      else select(executionId, isPinned ? null : selected);
      return true;
    case "[": lookFurther(executionId, -1); return true;
    case "]": lookFurther(executionId, 1); return true;
    case "ArrowRight": selectNext(executionId, 1); return true;
    case "ArrowLeft": selectNext(executionId, -1); return true;
    case "s":
      if (!isFinal(live) && !live.stopping) openDialog(executionId, { kind: "stop" });
      return true;
    case "f":
      if (isFinal(live) && selected) openDialog(executionId, { kind: "fork", step: selected });
      return true;
    case "l": document.querySelector(".run-log-card [role=log]")?.focus(); return true;
    case "e": showNextError(executionId, run, selected); return true;
    default: return false;
  }
}

/** The next member, after the chosen one and then from the top, of whom an attempt failed. */
function showNextError(executionId, run, selected) {
  const place = run.order.indexOf(selected) + 1;
  const turned = [...run.order.slice(place), ...run.order.slice(0, place)];
  const wrong = turned.find((id) => run.steps[id].status === "failed" || run.steps[id].attempts.some((each) => each.outcome === "failed"));
  if (wrong) select(executionId, wrong);
}
