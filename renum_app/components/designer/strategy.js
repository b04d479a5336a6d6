/** Changing how a team works: what fits stays, the rest is re-wired, and all of it is said. Pure. */
import { depthsOf, dense, groupsOf, idOf, isCoordinator, isParallel, kindOf, membersOf, withMembers } from "./draft.js";
import { regrouped } from "./members.js";

export const STRATEGIES = ["sequential", "parallel", "pipeline", "conditional"];

export function retype(draft, { kind }) {
  if (kindOf(draft) === kind || !STRATEGIES.includes(kind)) return { draft };
  const typed = { ...draft, workflow_definition: { ...draft.workflow_definition, type: kind } };
  const steps = [withoutConditions, REWIRED[kind], withoutJoin];
  const changed = steps.reduce(({ draft: now, said }, step) => {
    const next = step(now, draft);
    return { draft: next.draft, said: [...said, ...next.said] };
  }, { draft: typed, said: [{ key: `designer.said.now_${kind}`, params: {} }] });
  return changed;
}

const told = (key, n) => (n ? [{ key: `designer.said.${key}`, params: { n } }] : []);

function withoutConditions(draft) {
  if (kindOf(draft) === "conditional") return { draft, said: [] };
  const had = membersOf(draft).filter((member) => member.conditions?.length).length;
  const members = membersOf(draft).map(({ conditions: _, conditions_mode: __, ...member }) => member);
  return { draft: had ? withMembers(draft, members) : draft, said: told("conditions_dropped", had) };
}

function withoutJoin(draft, before) {
  const { join, join_k: _, ...rest } = draft.team_config ?? {};
  if (isParallel(draft) || !isParallel(before) || !join || join === "all") return { draft, said: [] };
  return { draft: { ...draft, team_config: rest }, said: told("join_dropped", 1) };
}

/** Inputs go back to the strategy's own. */
function withoutInputs(draft, own = (member) => member.input) {
  const had = membersOf(draft).filter(own).length;
  return { draft: withMembers(draft, membersOf(draft).map((each) => (own(each) ? { ...each, input: null } : each))), said: told("inputs_reset", had) };
}

/** A coordinator goes on choosing what it reads: it starts last anyway. */
function allAtOnce(draft) {
  const { draft: freed, said } = withoutInputs(draft, (member) => member.input && !isCoordinator(member));
  const members = membersOf(freed).map((member) => ({ ...member, execution_order: isCoordinator(member) ? 2 : 1 }));
  return { draft: withMembers(freed, members), said };
}

/** One after the other; those that ran together are put in a row, in the order of the list. */
function inARow(draft) {
  const { draft: freed, said } = withoutInputs(draft);
  return { draft: regrouped(freed, rowOf(freed, draft)), said: [...said, ...told("in_a_row", membersOf(draft).length)] };
}

const rowOf = (draft, read) => {
  const depths = depthsOf(membersOf(read));
  const places = Object.fromEntries(groupsOf(draft).flat().map((id, place) => [id, place]));
  const last = new Set(membersOf(draft).filter(isCoordinator).map(idOf));
  const rank = (id) => [last.has(id) ? 1 : 0, depths[id] ?? 0, places[id]];
  return Object.keys(places).sort((a, b) => compare(rank(a), rank(b))).map((id) => [id]);
};

const compare = (left, right) => left.map((each, place) => each - right[place]).find((difference) => difference !== 0) ?? 0;

/** Steps by what reads what; a parallel team that had no such thing stays side by side. */
function byDepth(draft, before) {
  if (!isParallel(before)) return { draft: dense(draft), said: [] };
  const depths = depthsOf(membersOf(draft));
  const members = membersOf(draft).map((member) => ({ ...member, execution_order: depths[idOf(member)] + 1 }));
  return { draft: dense(withMembers(draft, members)), said: told("by_depth", groupsOf(draft).length) };
}

const sequential = (draft, before) => (isParallel(before) ? inARow(draft) : { draft: dense(draft), said: [] });

const REWIRED = { sequential, pipeline: inARow, parallel: allAtOnce, conditional: byDepth };
