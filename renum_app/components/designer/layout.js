/** Where nodes lie: a column per step from left to right, rows near what they read. Pure. */
import { PROMPT, RESULT, groupsOf, idOf, membersOf } from "./draft.js";
import { branchEnds, edgesOf } from "./wiring.js";

export const WIDTH = 204;
export const HEIGHT = 72;
export const PROMPT_WIDTH = 112;
const GAP_X = 54;
const GAP_LANES = 28;
const GAP_Y = 36;
/** Members of one step that still fit into one lane; where more do, what the strategy implies is drawn faintly. */
export const TALLEST = 9;
const ROW = HEIGHT + GAP_Y;

/** Left and top of every node by id, where the person has not put them elsewhere. */
export function arranged(draft) {
  const groups = groupsOf(draft);
  const { rows, edges } = passing(groups, edgesOf(draft));
  const places = { [PROMPT]: { x: 0, y: 0 } };
  let x = PROMPT_WIDTH + GAP_X;
  for (const row of rows) {
    const wanted = row.map((id, place) => ({ id, place, y: pull(id, edges, places) }));
    wanted.sort((a, b) => a.y - b.y || a.place - b.place);
    for (const lane of lanesOf(wanted)) {
      const tops = spread(lane.map((each) => each.y));
      lane.forEach((each, number) => {
        places[each.id] = { x, y: tops[number] };
      });
      x += WIDTH + GAP_LANES;
    }
    x += GAP_X - GAP_LANES;
  }
  return Object.fromEntries([PROMPT, ...groups.flat()].map((id) => [id, places[id]]));
}

/** A step with many members stands in several lanes, so that all of it can be seen at once. */
function lanesOf(wanted) {
  const height = Math.ceil(wanted.length / Math.ceil(wanted.length / TALLEST));
  return Array.from({ length: Math.ceil(wanted.length / height) }, (_, lane) => wanted.slice(lane * height, (lane + 1) * height));
}

/** An edge that skips columns is given a free row in each of them, so that no node lies on its way. */
function passing(groups, edges) {
  const column = new Map([[PROMPT, -1], ...groups.flatMap((group, number) => group.map((id) => [id, number]))]);
  const rows = groups.map((group) => [...group]);
  const parts = edges.flatMap(({ source, target }) => {
    const stops = [];
    for (let number = column.get(source) + 1; number < column.get(target); number += 1) {
      const stop = `${source}\n${number}`;
      if (!rows[number].includes(stop)) rows[number].push(stop);
      stops.push(stop);
    }
    return [source, ...stops].map((from, place) => ({ source: from, target: [...stops, target][place] }));
  });
  return { rows, edges: parts };
}

/** The middle of what flows into a node. */
function pull(id, edges, places) {
  const from = edges.filter((edge) => edge.target === id && places[edge.source]).map((edge) => places[edge.source].y);
  return from.length ? from.reduce((sum, y) => sum + y, 0) / from.length : 0;
}

/** Rows a fixed distance apart, together as near as can be to where they want to be. */
function spread(wanted) {
  const tops = [];
  for (const y of wanted) tops.push(tops.length ? Math.max(y, tops.at(-1) + ROW) : y);
  const drift = wanted.reduce((sum, y, row) => sum + y - tops[row], 0) / (wanted.length || 1);
  return tops.map((y) => Math.round(y + drift));
}

/** Where every node is drawn; one place chosen by hand and all others keep still around it. */
export function placesOf(draft) {
  const places = memberPlaces(draft);
  const ends = branchEnds(draft).map((id) => places[id]);
  if (ends.length === 0) return places;
  const right = Math.max(...membersOf(draft).map((member) => places[idOf(member)].x));
  return { ...places, [RESULT]: { x: right + WIDTH + GAP_X, y: Math.round(ends.reduce((sum, each) => sum + each.y, 0) / ends.length) } };
}

function memberPlaces(draft) {
  const laid = arranged(draft);
  const byHand = membersOf(draft).filter((member) => member.position);
  if (byHand.length === 0) return laid;
  const places = { ...laid };
  for (const member of byHand) places[idOf(member)] = member.position;
  const left = Math.min(...membersOf(draft).map((member) => places[idOf(member)].x));
  const tops = membersOf(draft).filter((member) => places[idOf(member)].x < left + WIDTH).map((member) => places[idOf(member)].y);
  places[PROMPT] = { x: left - PROMPT_WIDTH - GAP_X, y: tops.reduce((sum, y) => sum + y, 0) / tops.length };
  return places;
}

/** A free place beside a node, or below all of them. */
export function roomBeside(draft, id) {
  const places = placesOf(draft);
  const all = membersOf(draft).map((member) => places[idOf(member)]);
  const from = id && places[id];
  let spot = from ? { x: from.x + (id === PROMPT ? PROMPT_WIDTH : WIDTH) + GAP_X, y: from.y } : { x: PROMPT_WIDTH + GAP_X, y: Math.max(-ROW, ...all.map((each) => each.y)) + ROW };
  while (all.some((each) => Math.abs(each.x - spot.x) < WIDTH && Math.abs(each.y - spot.y) < HEIGHT + 8)) spot = { ...spot, y: spot.y + ROW };
  return spot;
}

/** The nearest node in a direction, for the arrow keys. */
export function neighbour(places, id, [dx, dy]) {
  const from = places[id];
  if (!from) return null;
  const score = ([, to]) => {
    const [x, y] = [to.x - from.x, to.y - from.y];
    const along = x * dx + y * dy;
    return along > 4 ? along + 3 * Math.abs(dx ? y : x) : Infinity;
  };
  const found = Object.entries(places).filter(([other]) => other !== id).map((entry) => [score(entry), entry[0]]);
  const [best] = found.sort((a, b) => a[0] - b[0]);
  return best && best[0] < Infinity ? best[1] : null;
}
