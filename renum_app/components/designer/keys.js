/** The keyboard of the canvas, and of the whole designer. */
import { idOf, membersOf } from "./draft.js";
import { neighbour } from "./layout.js";
import { motion } from "./motion.js";
import { useDesigner } from "./store.js";
import { edgesOf } from "./wiring.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NUDGE = 20;

export const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable=true]") !== null;
const isCommand = (event) => event.ctrlKey || event.metaKey;

/** Undo and redo, wherever one is in the designer, unless a field has an undo of its own. */
export function historyKey(event, { undo, redo }) {
  if (!isCommand(event) || event.key.toLowerCase() !== "z" || isTyping(event.target)) return;
  event.preventDefault();
  if (event.shiftKey) redo();
  else undo();
}

export function useCanvasKeys({ places, picked, fit, organise, flow, onHelp, onAddMember }) {
  const { state, run, select, selectAll, editField } = useDesigner();
  const { draft, selection } = state;
  const last = selection.at(-1);

  const travel = (way, isMoving) => {
    if (isMoving) {
      const all = membersOf(draft).map((member) => [idOf(member), places[idOf(member)]]);
      const moved = all.map(([id, { x, y }]) => [id, selection.includes(id) ? { x: x + way[0] * NUDGE, y: y + way[1] * NUDGE } : { x, y }]);
      run("place", { positions: Object.fromEntries(moved) }, { merge: `nudge:${selection}` });
      return;
    }
    const next = last ? neighbour(places, last, way) : membersOf(draft).map(idOf)[0];
    if (!next || !membersOf(draft).some((member) => idOf(member) === next)) return;
    select([next]);
    reveal(flow, places[next]);
  };

  const remove = () => {
    const edges = edgesOf(draft).filter((edge) => picked.includes(edge.id));
    if (selection.length) run("remove", { ids: selection });
    else if (edges.length) run("disconnect", { edges });
  };

  const plain = {
    Delete: remove, Backspace: remove, Escape: () => select([]), 1: fit, 0: () => flow.zoomTo(1, { duration: motion() }), "?": onHelp,
    Enter: () => last && editField(), F2: () => last && editField("name"), n: () => onAddMember({ after: last ?? null }),
  };
  const commands = {
    a: selectAll, o: organise, d: () => selection.length && run("duplicate", { ids: selection }),
  };

  const onKeyDown = (event) => {
    if (isTyping(event.target) || event.target.closest("button, a")) return;
    const action = isCommand(event) ? commands[event.key.toLowerCase()] : plain[event.key];
    if (WAYS[event.key]) travel(WAYS[event.key], event.altKey && selection.length > 0);
    // Tab adds only while a member is selected; Escape lets go of it, so that Tab can leave the canvas.
    else if (event.key === "Tab" && !event.shiftKey && last) onAddMember({ after: last });
    else if (action) action();
    else return;
    event.preventDefault();
  };
  return { onKeyDown };
}

/** Bring a node into view if it is not. */
function reveal(flow, { x, y }) {
  const { x: left, y: top } = flow.flowToScreenPosition({ x, y });
  const box = document.querySelector(".wd-canvas")?.getBoundingClientRect();
  const isSeen = box && left > box.left && left < box.right - 160 && top > box.top && top < box.bottom - 60;
  if (!isSeen) flow.setCenter(x + 100, y + 40, { zoom: flow.getZoom(), duration: motion() });
}
