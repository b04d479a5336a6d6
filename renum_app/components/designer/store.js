/** The model in React: one reducer, its commands, and word to the server once a gesture is over. */
import { createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef, useState } from "react";
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

/**
 * The state and all that may be done to it; `value` is taken again only when `revision` changes.
 *
 * `isDirty`: the draft is another one than was opened, or than the server had been told when it last saved.
 */
export function useModel({ value, revision, saved, onChange, onSave }) {
  const [state, dispatch] = useReducer(reduce, value, opened);
  const shownRevision = useRef(revision);
  useEffect(() => {
    if (revision === shownRevision.current) return;
    shownRevision.current = revision;
    dispatch({ type: "open", draft: value });
  }, [revision, value]);
  const { told, tellNow } = useTelling(state, onChange);
  const [clean, setClean] = useState(value);
  useEffect(() => {
    if (state.edits === 0) setClean(state.draft);
  }, [state.edits, state.draft]);
  useEffect(() => {
    if (saved > 0 && told.current) setClean(told.current);
  }, [saved, told]);
  const save = useCallback(() => onSave && tellNow(state.draft, onSave), [onSave, state.draft, tellNow]);
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
  const isDirty = state.draft !== clean && JSON.stringify(state.draft) !== JSON.stringify(clean);
  return { state, isDirty, save, ...commands };
}

/** Tell the draft once nothing has changed for a moment, and at the latest when the designer goes away. */
function useTelling(state, onChange) {
  const waiting = useRef(null);
  const told = useRef(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  const tellNow = useCallback((draft, how) => {
    waiting.current = null;
    told.current = draft;
    how?.(draft);
  }, []);
  const flush = useCallback(() => waiting.current && tellNow(waiting.current, tell.current), [tellNow]);
  useEffect(() => {
    if (state.edits === 0) return undefined;
    waiting.current = state.draft;
    const timer = setTimeout(flush, QUIET_MS);
    return () => clearTimeout(timer);
  }, [state.draft, state.edits, flush]);
  useEffect(() => () => flush(), [flush]);
  return { told, tellNow };
}
