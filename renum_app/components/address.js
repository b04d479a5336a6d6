import { useSyncExternalStore } from "react";

const subscribe = (listener) => {
  window.addEventListener("popstate", listener);
  return () => window.removeEventListener("popstate", listener);
};

/** One parameter of this page's address; empty while prerendering. */
export function useQuery(name) {
  return useSyncExternalStore(subscribe, () => new URLSearchParams(window.location.search).get(name) ?? "", () => "");
}
