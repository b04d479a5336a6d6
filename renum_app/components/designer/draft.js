/** A team's draft as the API's payload shapes it, read: who sits in it, in which order, reading what. Pure. */

/** The node that stands for what the team is asked. */
export const PROMPT = "@prompt";

/** The node in which the branches of a parallel workflow come together. */
export const RESULT = "@result";

export const idOf = (member) => member.step_id || member.agent_id;
export const kindOf = (draft) => draft.workflow_definition.type;
export const membersOf = (draft) => draft.workflow_definition.agents;
export const find = (draft, id) => membersOf(draft).find((member) => idOf(member) === id);
export const isCoordinator = (member) => member.role === "coordinator";
export const isParallel = (draft) => kindOf(draft) === "parallel";
export const orderOf = (member) => member.execution_order ?? 1;

/** The draft with these members, and `agent_ids` to match. */
export function withMembers(draft, members) {
  const agent_ids = [...new Set(members.map((member) => member.agent_id))];
  return { ...draft, agent_ids, workflow_definition: { ...draft.workflow_definition, agents: members } };
}

/** The draft with one member changed. */
export const withMember = (draft, id, change) =>
  withMembers(draft, membersOf(draft).map((member) => (idOf(member) === id ? change(member) : member)));

/** Members in the order they run, numbered 1, 2, 3 without gaps; a parallel workflow keeps its numbers. */
export function dense(draft) {
  if (isParallel(draft)) return draft;
  const orders = [...new Set(membersOf(draft).map(orderOf))].sort((a, b) => a - b);
  const numbered = membersOf(draft).map((member) => ({ ...member, execution_order: orders.indexOf(orderOf(member)) + 1 }));
  return withMembers(draft, numbered.sort((a, b) => a.execution_order - b.execution_order));
}

/** What a member reads by its own choice, as a list; empty where that is left to the strategy. */
export function sourcesOf(member) {
  const input = member.input;
  if (!input) return [];
  if (input.source === "combined") return input.sources ?? [];
  return [input.source === "agent_result" ? { type: "agent_result", agent_id: input.agent_id } : { type: "initial_prompt" }];
}

/** The input that reads these sources; null leaves it to the strategy. */
export function inputFrom(sources) {
  if (sources.length === 0) return null;
  const [only] = sources;
  if (sources.length === 1 && only.type === "initial_prompt") return { source: "initial_prompt" };
  if (sources.length === 1 && only.type === "agent_result") return { source: "agent_result", agent_id: only.agent_id };
  return { source: "combined", sources };
}

/** Step ids that a member reads by name. */
export const readsFrom = (member) =>
  sourcesOf(member).filter((source) => source.type === "agent_result" && source.agent_id).map((source) => source.agent_id);

/** Members side by side in time, as lists of ids: those of one list run together. */
export function groupsOf(draft) {
  const depths = isParallel(draft) ? depthsOf(membersOf(draft)) : Object.fromEntries(membersOf(draft).map((each) => [idOf(each), orderOf(each)]));
  const orders = [...new Set(Object.values(depths))].sort((a, b) => a - b);
  return orders.map((order) => membersOf(draft).map(idOf).filter((id) => depths[id] === order));
}

/** How many named sources lie before each member; what a parallel workflow, and a canvas, calls its column. */
export function depthsOf(members) {
  const depths = Object.fromEntries(members.map((member) => [idOf(member), 0]));
  for (let round = 0; round < members.length; round += 1) {
    for (const member of members) {
      const before = readsFrom(member).filter((id) => id in depths && id !== idOf(member)).map((id) => depths[id] + 1);
      depths[idOf(member)] = Math.min(Math.max(0, ...before), members.length);
    }
  }
  const last = Math.max(0, ...Object.values(depths));
  for (const member of members) if (isCoordinator(member) && members.length > 1) depths[idOf(member)] = last + 1;
  return depths;
}

/** The place in time of every member, from 1. */
export const stepsOf = (draft) =>
  Object.fromEntries(groupsOf(draft).flatMap((group, place) => group.map((id) => [id, place + 1])));

/** A step id that nobody has yet. */
export function freeId(draft, wanted) {
  const taken = new Set(membersOf(draft).map(idOf));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}
