/** A list whose rows can be put in another order: drag the handle, or focus it and use the arrow keys. */
import { useRef, useState } from "react";

export function Sorter({ children, onMove, label, hint }) {
  const list = useRef(null);
  const [dragged, setDragged] = useState(null);
  const [over, setOver] = useState(-1);
  const rows = () => [...list.current.querySelectorAll(":scope > [data-row]")];
  const placeOf = (key) => rows().findIndex((row) => row.dataset.row === key);
  const keyAt = (target) => target.closest?.("[data-handle]")?.closest("[data-row]")?.dataset.row;

  const start = (event) => {
    const key = keyAt(event.target);
    if (!key) return event.preventDefault();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", key);
    setDragged(key);
  };
  const hover = (event) => {
    if (dragged === null) return;
    event.preventDefault();
    setOver(landing(rows(), event.clientY));
  };
  const drop = (event) => {
    if (dragged === null) return;
    event.preventDefault();
    const from = placeOf(dragged);
    const gap = landing(rows(), event.clientY);
    const to = gap > from ? gap - 1 : gap;
    if (to !== from) onMove(dragged, to);
    end();
  };
  const end = () => {
    setDragged(null);
    setOver(-1);
  };
  const press = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const key = by && keyAt(event.target);
    if (!key) return;
    event.preventDefault();
    const to = placeOf(key) + by;
    if (to < 0 || to >= rows().length) return;
    onMove(key, to);
    // The row comes back at its new place, and the next press goes on from there.
    setTimeout(() => list.current?.querySelector(`[data-row="${CSS.escape(key)}"] [data-handle]`)?.focus(), 60);
  };
  return (
    <ol
      ref={list} aria-label={label} aria-description={hint} className="sorter" data-over={over} style={{ "--over": over }}
      onDragStart={start} onDragOver={hover} onDrop={drop} onDragEnd={end} onKeyDown={press}
    >
      {children}
      {dragged !== null && over >= 0 && <li aria-hidden="true" className="sorter-mark" style={{ top: markAt(rows(), over) }} />}
    </ol>
  );
}

/** The gap between rows that a pointer is nearest to, from 0. */
function landing(rows, y) {
  const below = rows.findIndex((row) => y < row.getBoundingClientRect().top + row.offsetHeight / 2);
  return below < 0 ? rows.length : below;
}

function markAt(rows, gap) {
  const row = rows[Math.min(gap, rows.length - 1)];
  return row ? row.offsetTop + (gap >= rows.length ? row.offsetHeight : 0) : 0;
}
