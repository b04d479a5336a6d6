/** The model in React: one reducer, its commands, and word to the server once a gesture is over. */
import { createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef } from "react";
import { act, hushed, opened, redo, select, selectAll, undo } from "./model.js";

const QUIET_MS = 300;

const STEPS = {
  open: (_state, { draft }) => opened(draft),
  act: (state, { name, args, options }) => act(state, name, args, options),
  undo,
  redo,
  select: (state, { ids }) => select(state, ids),
  selectAll,
  hush: hushed,
};
const reduce = (state, action) => STEPS[action.type](state, action);

export const DesignerContext = createContext(null);
export const useDesigner = () => useContext(DesignerContext);

/** The state and all that may be done to it; `value` is taken again only when `revision` changes. */
export function useModel({ value, revision, onChange }) {
  const [state, dispatch] = useReducer(reduce, value, opened);
  const shownRevision = useRef(revision);
  useEffect(() => {
    if (revision === shownRevision.current) return;
    shownRevision.current = revision;
    dispatch({ type: "open", draft: value });
  }, [revision, value]);
  useTelling(state, onChange);
  const commands = useMemo(
    () => ({
      run: (name, args, options) => dispatch({ type: "act", name, args, options }),
      undo: () => dispatch({ type: "undo" }),
      redo: () => dispatch({ type: "redo" }),
      select: (ids) => dispatch({ type: "select", ids }),
      selectAll: () => dispatch({ type: "selectAll" }),
      hush: () => dispatch({ type: "hush" }),
    }),
    [],
  );
  return { state, ...commands };
}

/** Tell the draft once nothing has changed for a moment, and at the latest when the designer goes away. */
function useTelling(state, onChange) {
  const waiting = useRef(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  const flush = useCallback(() => {
    if (waiting.current) tell.current?.(waiting.current);
    waiting.current = null;
  }, []);
  useEffect(() => {
    if (state.edits === 0) return undefined;
    waiting.current = state.draft;
    const timer = setTimeout(flush, QUIET_MS);
    return () => clearTimeout(timer);
  }, [state.draft, state.edits, flush]);
  useEffect(() => flush, [flush]);
}
