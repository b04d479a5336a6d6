/**
 * One store per execution id: the only source of everything the execution page shows.
 *
 * `run` is what is shown, now or at a moment somebody looks back at; `live` is always now.
 *
 * It lives as long as a component looks at it, and a little longer, so that switching tabs does not reconnect.
 */
import { useEffect, useReducer, useSyncExternalStore } from "react";
import { Connection } from "./connection.js";
import { History } from "./history.js";
import { initial, isFinal, reduce } from "./reducer.js";

const LINGER_MS = 5000;
/** Messages that are folded and drawn within a frame. */
const FEW = 500;
const stores = new Map();

function createStore(executionId) {
  const listeners = new Set();
  let view = empty(executionId);
  const history = new History(executionId);
  let connection = null;
  let lingering = null;
  const set = (change) => {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  };
  const connect = () => {
    connection = new Connection(executionId, {
      lastSeq: () => view.live.seq,
      isBehind: () => view.live.lastSeq !== null && view.live.lastSeq - view.live.seq > FEW,
      onMessages: (batch) => {
        history.add(batch);
        set(after(view, batch));
      },
      onStatus: (link) => set({ link }),
      onRestart: () => {
        history.clear();
        set({ live: initial(executionId), run: initial(executionId) });
      },
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
  return { subscribe, history, view: () => view, set };
}

const empty = (executionId) => ({
  run: initial(executionId), live: initial(executionId), link: { phase: "connecting" },
  selected: null, isPinned: false, tab: "output", dialog: null,
});

function after(view, batch) {
  const live = reduce(view.live, batch, Date.now());
  return isPast(view.run) ? { live } : shown(view, live);
}

const isPast = (run) => run.shownAt !== null;

/** `run` on the page, with the member that belongs to it. */
function shown(view, run, live = run) {
  return { live, run, selected: view.isPinned ? view.selected : follow(run, view.selected) };
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

/** The same once, outside of drawing. */
export const viewOf = (executionId) => storeOf(executionId).view();

/** Look at one member from now on; null follows whoever is writing. */
export function select(executionId, stepId) {
  const store = storeOf(executionId);
  const run = store.view().run;
  store.set({ selected: stepId ?? follow(run, null), isPinned: stepId !== null, tab: "output" });
}

export const showTab = (executionId, tab) => storeOf(executionId).set({ tab });

/** The whole page as it was at a moment of the server's clock; the present, or none, ends looking back. */
export function lookAt(executionId, moment) {
  const { history, view, set } = storeOf(executionId);
  const { live } = view();
  const last = isFinal(live) ? live.endedAt : Date.now() - live.skew;
  if (moment === null || history.begin === null || moment >= last) return set(shown(view(), live));
  const run = { ...history.at(Math.max(moment, history.begin)), skew: live.skew };
  return set(shown(view(), run, live));
}

/** One milestone back (-1) or on (1); after the last one comes the present. */
export function lookFurther(executionId, direction) {
  const { history, view } = storeOf(executionId);
  const { run, live } = view();
  const here = run.shownAt ?? (isFinal(live) ? live.endedAt : Date.now() - live.skew);
  lookAt(executionId, history.milestone(here, direction) ?? (direction < 0 ? history.begin : null));
}

/** The member `by` places further down. */
export function selectNext(executionId, by) {
  const { run, selected } = storeOf(executionId).view();
  const place = Math.max(run.order.indexOf(selected), 0) + by;
  if (run.order[place]) select(executionId, run.order[place]);
}

/** `{kind: "fork", step}`, `{kind: "resume"}` or `{kind: "stop"}`. */
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
