/** Giving, changing, moving and taking seats. Every function is a command: draft and arguments in, draft out. Pure. */
import {
  dense, find, freeId, groupsOf, idOf, inputFrom, isCoordinator, isParallel, kindOf, membersOf, orderOf, readsFrom,
  sourcesOf, withMember, withMembers,
} from "./draft.js";

const shifted = (members, from, by) =>
  members.map((member) => (orderOf(member) >= from ? { ...member, execution_order: orderOf(member) + by } : member));

const lastOrder = (members) => Math.max(0, ...members.filter((each) => !isCoordinator(each)).map(orderOf));

/** A seat for an agent: at the end, or right after a member and reading it. A coordinator stays last. */
export function add(draft, { agentId, after = null, position = null }) {
  const id = freeId(draft, agentId);
  const before = after === null ? null : find(draft, after);
  const isBranch = before && !isCoordinator(before) && ["conditional", "parallel"].includes(kindOf(draft));
  const own = { agent_id: agentId, ...(id === agentId ? {} : { step_id: id }), role: "member" };
  const input = isBranch ? { source: "agent_result", agent_id: after } : null;
  const seat = { ...own, input, ...(position ? { position } : {}) };
  return { draft: seated(draft, seat, before, isBranch), select: [id] };
}

function seated(draft, seat, before, isBranch) {
  const members = membersOf(draft);
  if (isParallel(draft)) return withMembers(draft, [...members, { ...seat, execution_order: 1 }]);
  const order = (before && !isCoordinator(before) ? orderOf(before) : lastOrder(members)) + 1;
  const room = isBranch ? members.map((each) => (isCoordinator(each) && orderOf(each) <= order ? { ...each, execution_order: order + 1 } : each)) : shifted(members, order, 1);
  return dense(withMembers(draft, [...room, { ...seat, execution_order: order }]));
}

/** Take seats away; who read them reads what they read. */
export function remove(draft, { ids }) {
  const gone = new Set(ids);
  const inherited = (id, seen) =>
    seen.has(id) ? [] : sourcesOf(find(draft, id)).flatMap((source) => (source.type === "agent_result" && gone.has(source.agent_id) ? inherited(source.agent_id, new Set([...seen, id])) : [source]));
  const healed = (member) => {
    if (!readsFrom(member).some((id) => gone.has(id))) return member;
    const sources = sourcesOf(member).flatMap((source) => (gone.has(source.agent_id) ? inherited(source.agent_id, new Set()) : [source]));
    return { ...member, input: inputFrom(distinct(sources)) };
  };
  const left = membersOf(draft).filter((member) => !gone.has(idOf(member))).map(healed);
  return { draft: dense(withMembers(draft, left)), select: [] };
}

const distinct = (sources) =>
  sources.filter((each, place) => sources.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === place);

/** The same seats once more, beside the first ones; a team has one coordinator only. */
export function duplicate(draft, { ids }) {
  let result = draft;
  const made = [];
  for (const id of ids) {
    const member = find(draft, id);
    if (!member) continue;
    const copy = freeId(result, member.agent_id);
    made.push(copy);
    const moved = member.position ? { position: { x: member.position.x + 28, y: member.position.y + 96 } } : {};
    const role = isCoordinator(member) ? { role: "member", execution_order: lastOrder(membersOf(result)) || 1 } : {};
    result = withMembers(result, [...membersOf(result), { ...member, ...role, step_id: copy, ...moved }]);
  }
  return { draft: dense(result), select: made };
}

/** Change what a member is, in the API's own words; null takes a value away. */
export function change(draft, { id, patch }) {
  return { draft: withMember(draft, id, (member) => without({ ...member, ...patch })) };
}

const KEPT_NULL = new Set(["input"]);
const without = (values) => Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== null || KEPT_NULL.has(name)));

/** Change one of a member's own settings (`config`), which vanish together when all are empty. */
export function configure(draft, { id, patch }) {
  const merged = (member) => Object.fromEntries(Object.entries({ ...member.config, ...patch }).filter(([, value]) => value !== null && value !== undefined));
  return change(draft, { id, patch: { config: Object.keys(merged(find(draft, id))).length ? merged(find(draft, id)) : null } });
}

/** A role; the coordinator is the only one and the last. */
export function cast(draft, { id, role }) {
  if (role !== "coordinator") return { draft: withMember(draft, id, (member) => ({ ...member, role })) };
  const former = membersOf(draft).find((member) => isCoordinator(member) && idOf(member) !== id);
  const members = membersOf(draft).map((member) => {
    if (idOf(member) === id) return { ...member, role, execution_order: Math.max(...membersOf(draft).map(orderOf)) + 1 };
    return isCoordinator(member) ? { ...member, role: "member" } : member;
  });
  const freed = members.map((member) => (readsFrom(member).includes(id) ? { ...member, input: inputFrom(sourcesOf(member).filter((each) => each.agent_id !== id)) } : member));
  const said = former ? [{ key: "designer.said.one_coordinator", params: { name: idOf(former) }, names: ["name"] }] : [];
  return { draft: dense(withMembers(draft, freed)), said };
}

/** Before (-1) or after (1) its neighbours in time, as a step of its own. */
export function move(draft, { id, by }) {
  if (isParallel(draft)) return { draft: swapped(draft, id, by) };
  const groups = groupsOf(draft);
  const place = groups.findIndex((group) => group.includes(id));
  const isAlone = groups[place]?.length === 1;
  if (place < 0 || (isAlone && !groups[place + by])) return { draft };
  const rest = groups.map((group) => group.filter((each) => each !== id));
  const at = isAlone ? place + by + (by > 0 ? 1 : 0) : place + (by > 0 ? 1 : 0);
  return { draft: regrouped(draft, [...rest.slice(0, at), [id], ...rest.slice(at)].filter((group) => group.length)) };
}

/** Run at the same time as the step before, or after it again. */
export function together(draft, { id, isTogether }) {
  const groups = groupsOf(draft);
  const place = groups.findIndex((group) => group.includes(id));
  if (isParallel(draft) || place < 0 || (isTogether && place === 0)) return { draft };
  const rest = groups.map((group) => group.filter((each) => each !== id));
  const placed = isTogether
    ? rest.map((group, number) => (number === place - 1 ? [...group, id] : group))
    : [...rest.slice(0, place + 1), [id], ...rest.slice(place + 1)];
  return { draft: regrouped(draft, placed.filter((group) => group.length)) };
}

export function regrouped(draft, groups) {
  const orders = new Map(groups.flatMap((group, number) => group.map((id) => [id, number + 1])));
  const places = new Map([...orders.keys()].map((id, place) => [id, place]));
  const members = membersOf(draft).map((member) => ({ ...member, execution_order: orders.get(idOf(member)) }));
  return withMembers(draft, members.sort((a, b) => places.get(idOf(a)) - places.get(idOf(b))));
}

function swapped(draft, id, by) {
  const members = [...membersOf(draft)];
  const place = members.findIndex((member) => idOf(member) === id);
  if (place < 0 || !members[place + by]) return draft;
  [members[place], members[place + by]] = [members[place + by], members[place]];
  return withMembers(draft, members);
}

/** Where nodes lie, by id; what is not named stays. */
export function place(draft, { positions }) {
  const placed = (member) => (positions[idOf(member)] ? { ...member, position: rounded(positions[idOf(member)]) } : member);
  return { draft: withMembers(draft, membersOf(draft).map(placed)) };
}

const rounded = ({ x, y }) => ({ x: Math.round(x), y: Math.round(y) });

/** Give up every place chosen by hand: the layout follows the wiring again. */
export function organise(draft) {
  return { draft: withMembers(draft, membersOf(draft).map(({ position: _, ...member }) => member)) };
}

/** The team's own words and limits. */
export function describe(draft, { patch }) {
  return { draft: { ...draft, ...patch } };
}

export function limit(draft, { patch }) {
  const merged = Object.entries({ ...draft.team_config, ...patch }).filter(([, value]) => value !== null && value !== undefined);
  return { draft: { ...draft, team_config: Object.fromEntries(merged) } };
}

/** Another draft altogether, as an import brings it. */
export function replace(_draft, { draft }) {
  return { draft, select: [] };
}
