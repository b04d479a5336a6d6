/** Where each member stands in the graph, and the curves between them. Pure; sizes in pixels. */

export const NODE = { width: 196, height: 74 };
const GAP = { x: 56, y: 16 };
const MARGIN = 16;
export const START = { width: 84, height: 40 };

/** `wires` are `{step_id, column, reads, is_conditional}`; steps without one stand in a last column. */
export function layout(order, wires) {
  const known = new Map(wires.map((wire) => [wire.step_id, wire]));
  const last = Math.max(-1, ...wires.map((wire) => wire.column)) + 1;
  const columns = [];
  for (const id of order) (columns[known.get(id)?.column ?? last] ??= []).push(id);
  const filled = columns.filter(Boolean);
  const tallest = Math.max(1, ...filled.map((column) => column.length));
  const inner = tallest * (NODE.height + GAP.y) - GAP.y;
  const places = {};
  filled.forEach((column, number) => {
    const top = MARGIN + (inner - column.length * (NODE.height + GAP.y) + GAP.y) / 2;
    column.forEach((id, row) => {
      places[id] = { x: MARGIN + START.width + GAP.x + number * (NODE.width + GAP.x), y: top + row * (NODE.height + GAP.y) };
    });
  });
  const start = { x: MARGIN, y: MARGIN + inner / 2 - START.height / 2 };
  const edges = order.flatMap((id) => curves(id, known.get(id), places, start));
  return {
    places, start, edges, height: inner + 2 * MARGIN,
    width: MARGIN * 2 + START.width + filled.length * (NODE.width + GAP.x),
  };
}

function curves(id, wire, places, start) {
  const to = { x: places[id].x, y: places[id].y + NODE.height / 2 };
  const sources = (wire?.reads ?? []).filter((source) => places[source]);
  const outs = sources.map((source) => [source, { x: places[source].x + NODE.width, y: places[source].y + NODE.height / 2 }]);
  const all = outs.length ? outs : [["", { x: start.x + START.width, y: start.y + START.height / 2 }]];
  return all.map(([from, out]) => ({ from, to: id, isConditional: wire?.is_conditional ?? false, path: curve(out, to) }));
}

function curve(a, b) {
  const bend = Math.max(24, (b.x - a.x) / 2);
  return `M${a.x} ${a.y}C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}`;
}
