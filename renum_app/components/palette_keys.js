/** The keys that work on every page; typing, dialogs and a page's own keys come first. */
import { useLayoutEffect, useRef } from "react";

const TYPING = "input, textarea, select, [contenteditable=true]";
const PENDING_MS = 1200;
const JUMPS = { p: "/", e: "/teams", x: "/executions", a: "/agents", v: "/approvals", c: "/settings" };
const ROWS = "main a.row, main .row-link, main [data-row] a";
const FILTER = "main .search input, main input[type=search]";

export function useShortcuts({ go, open, showSheet }) {
  const latest = useRef({});
  latest.current = { go, open, showSheet };
  // With the page that is drawn, not after it: between two pages no key is heard by the one that has gone.
  useLayoutEffect(() => {
    let jumpUntil = 0;
    /** Before the page's own keys: the palette, and the letter after a `g`. */
    const first = (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
        take(event);
        return latest.current.open();
      }
      if (Date.now() > jumpUntil || event.ctrlKey || event.metaKey || event.altKey) return undefined;
      jumpUntil = 0;
      const target = JUMPS[event.key];
      if (!target) return undefined;
      take(event);
      return latest.current.go(target);
    };
    const press = (event) => {
      const isTaken = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING);
      if (isTaken || document.querySelector("dialog[open]")) return;
      if (event.key === "g") jumpUntil = Date.now() + PENDING_MS;
      else if (act(event.key, latest.current)) event.preventDefault();
    };
    const click = (event) => event.target.closest?.("[data-palette]") && latest.current.open();
    document.addEventListener("keydown", first, true);
    document.addEventListener("keydown", press);
    document.addEventListener("click", click);
    return () => {
      document.removeEventListener("keydown", first, true);
      document.removeEventListener("keydown", press);
      document.removeEventListener("click", click);
    };
  }, []);
}

function take(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** True when the key meant something here. */
function act(key, { go, showSheet }) {
  if (key === "?") showSheet();
  else if (key === "n") go(location.pathname.startsWith("/agents") ? "/agents/new" : "/teams/new");
  else if (key === "/") return focused(document.querySelector(FILTER));
  else if (key === "j" || key === "k") return moved(key === "j" ? 1 : -1);
  else return false;
  return true;
}

function moved(by) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.offsetParent);
  const place = rows.indexOf(document.activeElement);
  return focused(rows[place < 0 ? (by > 0 ? 0 : rows.length - 1) : place + by]);
}

function focused(element) {
  element?.focus();
  return Boolean(element);
}
