/**
 * The designer's one model: a draft, what is selected, what was said, and the way back.
 *
 * Every edit is a command, `(draft, arguments) → {draft, said?, refusal?, select?}`; canvas, outline and YAML only send
 * commands and show the state, so they cannot disagree.
 */
import { find, idOf, membersOf } from "./draft.js";
import * as seats from "./members.js";
import { retype } from "./strategy.js";
import { connect, disconnect, read } from "./wiring.js";

const MOST_STEPS_BACK = 200;

const { regrouped: _, ...SEATS } = seats;
export const COMMANDS = { ...SEATS, retype, connect, disconnect, read };

/** The state of a draft that was just opened. */
export const opened = (draft) => ({ draft, past: [], future: [], selection: [], said: [], refusal: null, merge: null, edits: 0 });

/**
 * Carry out a command.
 *
 * A `merge` word keeps commands of one gesture, such as typing in a field, one step of the way back.
 */
export function act(state, name, args = {}, { merge = null } = {}) {
  const done = COMMANDS[name](state.draft, args);
  const refusal = done.refusal ?? null;
  if (done.draft === state.draft) return { ...state, refusal, said: refusal ? [] : state.said };
  const isSame = merge !== null && merge === state.merge;
  return {
    draft: done.draft,
    past: isSame ? state.past : [...state.past, state.draft].slice(-MOST_STEPS_BACK),
    future: [],
    selection: done.select ?? kept(state.selection, done.draft),
    said: done.said ?? [],
    refusal,
    merge,
    edits: state.edits + 1,
  };
}

const kept = (selection, draft) => selection.filter((id) => find(draft, id));

export const canUndo = (state) => state.past.length > 0;
export const canRedo = (state) => state.future.length > 0;

export function undo(state) {
  return canUndo(state) ? stepped(state, state.past.at(-1), state.past.slice(0, -1), [state.draft, ...state.future]) : state;
}

export function redo(state) {
  return canRedo(state) ? stepped(state, state.future[0], [...state.past, state.draft], state.future.slice(1)) : state;
}

function stepped(state, draft, past, future) {
  return { draft, past, future, selection: kept(state.selection, draft), said: [], refusal: null, merge: null, edits: state.edits + 1 };
}

/** Select these members; another gesture begins. */
export function select(state, ids) {
  const known = ids.filter((id) => find(state.draft, id));
  const isSame = known.length === state.selection.length && known.every((id, place) => id === state.selection[place]);
  return isSame ? state : { ...state, selection: known, merge: null };
}

export const selectAll = (state) => select(state, membersOf(state.draft).map(idOf));

/** What was said last is read. */
export const hushed = (state) => ({ ...state, said: [], refusal: null });
