/** What the wizard does in the browser alone: its keys, its place in the address, and where the eye goes at a new step. */
import { useEffect, useRef } from "react";

export function WizardKeys({ step, draftId }) {
  const shown = useRef(0);
  useEffect(() => {
    if (shown.current && shown.current !== step) {
      window.scrollTo({ top: 0 });
      document.getElementById("wizard-step")?.focus({ preventScroll: true });
    }
    shown.current = step;
  }, [step]);
  useEffect(() => {
    // A reload goes on with the same draft; the address changes without a visit, so nothing is loaded again.
    if (draftId) history.replaceState(history.state, "", `${location.pathname}?draft=${draftId}`);
  }, [draftId]);
  useEffect(() => {
    const click = (event) => {
      const wanted = event.target.closest?.("[data-shows]")?.dataset.shows;
      if (wanted) show(wanted);
    };
    document.addEventListener("click", click);
    return () => document.removeEventListener("click", click);
  }, []);
  useEffect(() => {
    const press = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
      const goes = { Enter: "next", Backspace: "back" }[event.key];
      if (!goes || (goes === "back" && isTyping(event.target))) return;
      const button = document.querySelector(`[data-wizard="${goes}"]`);
      if (!button) return;
      event.preventDefault();
      // A field tells what was typed once it is left.
      document.activeElement?.blur();
      button.click();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return null;
}

/** In a field with text, Ctrl+Backspace is the browser's: it deletes a word. */
const isTyping = (target) => target instanceof Element && target.matches("input:not([type=checkbox], [type=radio]), textarea") && target.value !== "";

/** Bring a field into view and put the cursor in it, wherever it is folded away. */
function show(id) {
  const field = document.getElementById(id) ?? document.getElementById("wizard-step");
  field?.closest("details")?.setAttribute("open", "");
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}
