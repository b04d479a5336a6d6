/** What flows between members: edges as they are drawn, and what drawing or cutting one means. Pure. */
import {
  PROMPT, dense, find, groupsOf, idOf, inputFrom, isCoordinator, isParallel, kindOf, membersOf, orderOf, readsFrom,
  sourcesOf, withMember,
} from "./draft.js";

const edge = (source, target, isImplied) => ({ id: `${source}→${target}`, source, target, isImplied });

/** Every edge; an implied one is the strategy's choice, the others the member's own. */
export function edgesOf(draft) {
  const groups = groupsOf(draft);
  const place = new Map(groups.flatMap((group, number) => group.map((id) => [id, number])));
  const members = membersOf(draft);
  const drawn = members.filter((each) => each.input || !isCoordinator(each)).flatMap((each) => edgesInto(draft, each, groups, place));
  const gathered = members.filter((each) => !each.input && isCoordinator(each)).flatMap((each) => gather(each, members, drawn, place));
  return [...drawn, ...gathered];
}

function edgesInto(draft, member, groups, place) {
  const id = idOf(member);
  if (member.input) {
    const known = (source) => source.type === "initial_prompt" || (source.type === "agent_result" && place.has(source.agent_id) && source.agent_id !== id);
    const from = sourcesOf(member).filter(known).map((source) => (source.type === "initial_prompt" ? PROMPT : source.agent_id));
    return [...new Set(from)].map((source) => edge(source, id, false));
  }
  if (isParallel(draft) || place.get(id) === 0) return [edge(PROMPT, id, true)];
  return groups[place.get(id) - 1].map((source) => edge(source, id, true));
}

/** A coordinator reads every result so far: it is drawn from those that nobody else reads. */
function gather(member, members, drawn, place) {
  const id = idOf(member);
  const read = new Set(drawn.map((each) => each.source));
  const before = members.map(idOf).filter((each) => each !== id && place.get(each) < place.get(id));
  const ends = before.filter((each) => !read.has(each));
  return before.length ? ends.map((source) => edge(source, id, true)) : [edge(PROMPT, id, true)];
}

/** The branches of a parallel workflow that nobody reads: the join is theirs, unless a coordinator gathers them. */
export function branchEnds(draft) {
  const members = membersOf(draft);
  if (!isParallel(draft) || members.length < 2 || members.some(isCoordinator)) return [];
  const read = new Set(edgesOf(draft).map((each) => each.source));
  return members.map(idOf).filter((id) => !read.has(id));
}

/** The members on the way by which `from` reads `goal`, both included; null where it does not. */
export function pathTo(draft, from, goal, seen = new Set()) {
  if (from === goal) return [from];
  seen.add(from);
  const member = find(draft, from);
  for (const source of member ? readsFrom(member) : []) {
    const path = seen.has(source) ? null : pathTo(draft, source, goal, seen);
    if (path) return [from, ...path];
  }
  return null;
}

/** Why an edge cannot be drawn, as a sentence; null when it can. */
export function reasonAgainst(draft, source, target) {
  const reader = find(draft, target);
  if (!reader || source === target) return { key: source === target ? "designer.refused.self" : "designer.refused.prompt", params: {} };
  if (source === PROMPT) return null;
  const giver = find(draft, source);
  if (!giver) return { key: "designer.refused.prompt", params: {} };
  if (isCoordinator(giver)) return { key: "designer.refused.coordinator", params: { name: source }, names: ["name"] };
  const path = pathTo(draft, source, target);
  return path ? { key: "designer.refused.circle", params: { path: [...path].reverse().join(" → "), name: source, other: target }, names: ["name", "other"], path: [...path].reverse() } : null;
}

/** Let `target` read `source`; what it reads by its own choice stays, what only the strategy chose gives way. */
export function connect(draft, { source, target }) {
  const refusal = reasonAgainst(draft, source, target);
  if (refusal) return { draft, refusal };
  const asked = source === PROMPT ? { type: "initial_prompt" } : { type: "agent_result", agent_id: source };
  const own = sourcesOf(find(draft, target));
  if (own.some((each) => each.type === asked.type && each.agent_id === asked.agent_id)) return { draft };
  const wired = withMember(draft, target, (member) => ({ ...member, input: inputFrom(source === PROMPT ? [asked, ...own] : [...own, asked]) }));
  return said(draft, dense(isParallel(draft) ? wired : inTime(wired, target)), target);
}

/** Let a member read one other's result and nothing else. */
export function read(draft, { id, source }) {
  const cleared = withMember(draft, id, (member) => ({ ...member, input: null }));
  const done = connect(cleared, { source, target: id });
  return done.refusal ? { draft, refusal: done.refusal } : done;
}

/** Everything that moved to another step because of an edge. */
function said(before, after, target) {
  const order = orderOf(find(after, target));
  const moved = orderOf(find(before, target)) !== order && !isParallel(after);
  return { draft: after, said: moved ? [{ key: "designer.said.moved", params: { name: target, step: order }, names: ["name"] }] : [] };
}

/** Each reader after what it reads; in a conditional workflow `target` comes as early as it can. */
function inTime(draft, target) {
  const needed = (member, orders) => Math.max(0, ...readsFrom(member).filter((id) => id in orders).map((id) => orders[id] + 1));
  const orders = Object.fromEntries(membersOf(draft).map((member) => [idOf(member), orderOf(member)]));
  const own = find(draft, target);
  const isFree = kindOf(draft) === "conditional" && readsFrom(own).length > 0 && !isCoordinator(own);
  orders[target] = isFree ? needed(own, orders) : Math.max(orders[target], needed(own, orders));
  for (const _ of membersOf(draft)) {
    for (const member of membersOf(draft)) orders[idOf(member)] = Math.max(orders[idOf(member)], needed(member, orders));
  }
  const others = membersOf(draft).filter((member) => !isCoordinator(member)).map((member) => orders[idOf(member)]);
  for (const member of membersOf(draft)) if (isCoordinator(member)) orders[idOf(member)] = Math.max(orders[idOf(member)], ...others.map((order) => order + 1));
  const agents = membersOf(draft).map((member) => ({ ...member, execution_order: orders[idOf(member)] }));
  return { ...draft, workflow_definition: { ...draft.workflow_definition, agents } };
}

/** Cut edges: a member whose last source goes reads the prompt, for it always reads something. */
export function disconnect(draft, { edges }) {
  let result = draft;
  let refusal = null;
  for (const { source, target } of edges) {
    const member = find(result, target);
    if (!member) continue;
    const drawn = edgesOf(result).filter((each) => each.target === target);
    const own = member.input ? sourcesOf(member) : drawn.map((each) => (each.source === PROMPT ? { type: "initial_prompt" } : { type: "agent_result", agent_id: each.source }));
    const rest = own.filter((each) => (source === PROMPT ? each.type !== "initial_prompt" : each.agent_id !== source));
    if (rest.length === 0 && source === PROMPT) refusal = { key: "designer.refused.last_source", params: { name: target }, names: ["name"] };
    else result = withMember(result, target, (each) => ({ ...each, input: inputFrom(rest) ?? { source: "initial_prompt" } }));
  }
  return { draft: result, refusal };
}
