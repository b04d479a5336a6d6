/**
 * One store per execution id: the only source of everything the execution page shows.
 *
 * It lives as long as a component looks at it, and a little longer, so that switching tabs does not reconnect.
 */
import { useEffect, useReducer, useSyncExternalStore } from "react";
import { Connection } from "./connection.js";
import { initial, isFinal, reduce } from "./reducer.js";

const LINGER_MS = 5000;
const stores = new Map();

function createStore(executionId) {
  const listeners = new Set();
  let view = empty(executionId);
  let connection = null;
  let lingering = null;
  const set = (change) => {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };
  const connect = () => {
    connection = new Connection(executionId, {
      lastSeq: () => view.run.seq,
      onMessages: (batch) => set(after(view, batch)),
      onStatus: (link) => set({ link }),
      onRestart: () => set({ run: initial(executionId) }),
    });
    connection.open();
  };
  const subscribe = (listener) => {
    clearTimeout(lingering);
    listeners.add(listener);
    if (!connection) connect();
    return () => {
      listeners.delete(listener);
      if (listeners.size) return;
      lingering = setTimeout(() => {
        connection.close();
        stores.delete(executionId);
      }, LINGER_MS);
    };
  };
  return { subscribe, view: () => view, set };
}

const empty = (executionId) => ({ run: initial(executionId), link: { phase: "connecting" }, selected: null, isPinned: false, tab: "output", dialog: null });

function after(view, batch) {
  const run = reduce(view.run, batch, Date.now());
  const selected = view.isPinned ? view.selected : follow(run, view.selected);
  return { run, selected };
}

/** Until someone picks a member, show the one that is writing; at a bad end, the one that failed. */
function follow(run, selected) {
  if (!run.isCaughtUp) return null;
  const failed = isFinal(run) && run.order.find((id) => run.steps[id].status === "failed");
  if (failed) return failed;
  if (selected && run.steps[selected]?.status === "running") return selected;
  const running = run.order.find((id) => run.steps[id].status === "running");
  return running ?? selected ?? lastWriter(run) ?? run.order[0] ?? null;
}

function lastWriter(run) {
  const begun = run.order.filter((id) => run.steps[id].attempts.length);
  return begun.sort((a, b) => run.steps[a].attempts.at(-1).start - run.steps[b].attempts.at(-1).start).at(-1);
}

const nobody = createStore("");
const storeOf = (executionId) => {
  if (!executionId) return nobody;
  if (!stores.has(executionId)) stores.set(executionId, createStore(executionId));
  return stores.get(executionId);
};

const silent = () => () => {};

/** Everything known of an execution, and what the person chose to look at. */
export function useExecution(executionId) {
  const store = storeOf(executionId);
  const view = useSyncExternalStore(executionId ? store.subscribe : silent, store.view, nobody.view);
  return view;
}

/** Look at one member from now on; null follows whoever is writing. */
export function select(executionId, stepId) {
  const store = storeOf(executionId);
  const run = store.view().run;
  store.set({ selected: stepId ?? follow(run, null), isPinned: stepId !== null, tab: "output" });
}

export const showTab = (executionId, tab) => storeOf(executionId).set({ tab });

/** `{kind: "fork", step}` or `{kind: "resume"}`. */
export const openDialog = (executionId, dialog) => storeOf(executionId).set({ dialog });
export const closeDialog = (executionId) => storeOf(executionId).set({ dialog: null });

/** A repaint every `ms` while `active`, for clocks. */
export function useTick(active, ms = 1000) {
  const [, tick] = useReducer((count) => count + 1, 0);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  }, [active, ms, tick]);
}
