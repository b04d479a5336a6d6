import { useEffect, useState, useSyncExternalStore } from "react";

const subscribe = (listener) => {
  window.addEventListener("popstate", listener);
  return () => window.removeEventListener("popstate", listener);
};

/** One parameter of this page's address; empty while prerendering. */
export function useQuery(name) {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(window.location.search).get(name) ?? "", () => "");
}

/** Seconds that are left of so many, counted since this page was opened; 0 at the end, and where there are none. */
export function useSecondsLeft(text) {
  const wanted = Math.min(Math.max(0, parseInt(text, 10) || 0), 3600);
  const [opened] = useState(() => Date.now());
  const [now, setNow] = useState(opened);
  useEffect(() => {
    if (!wanted) return undefined;
    const tick = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(tick);
  }, [wanted]);
  return Math.max(0, Math.ceil(wanted - (now - opened) / 1000));
}
