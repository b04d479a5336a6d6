/** What the execution form does in the browser alone: send on Ctrl+Enter. */
import { useEffect, useRef } from "react";

/** Ctrl or ⌘ with Enter sends the form around it. */
export function SendShortcut() {
  const here = useRef(null);
  useEffect(() => {
    const form = here.current?.closest("form");
    const send = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    };
    form?.addEventListener("keydown", send);
    return () => form?.removeEventListener("keydown", send);
  }, []);
  return <span ref={here} hidden />;
}
