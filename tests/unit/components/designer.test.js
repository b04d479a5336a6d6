/** What edits of a team's draft make of it. Run with `bun test tests/unit/components`. */
import { describe, expect, test } from "bun:test";
import { PROMPT, RESULT, find, groupsOf, idOf, membersOf } from "../../../renum_app/components/designer/draft.js";
import { arranged, neighbour, placesOf, roomBeside } from "../../../renum_app/components/designer/layout.js";
import { act, canRedo, opened, redo, select, undo } from "../../../renum_app/components/designer/model.js";
import { branchEnds, edgesOf, pathTo } from "../../../renum_app/components/designer/wiring.js";

const EMPTY = { name: "T", description: null, agent_ids: [], workflow_definition: { type: "sequential", agents: [] }, team_config: {}, is_active: true };
const team = (type, ...agents) => agents.reduce((state, agentId) => act(state, "add", { agentId }), opened({ ...EMPTY, workflow_definition: { type, agents: [] } }));
const does = (state, ...commands) => commands.reduce((now, [name, args]) => act(now, name, args), state);
const wires = (state) => edgesOf(state.draft).map((edge) => `${edge.source === PROMPT ? "?" : edge.source}${edge.isImplied ? "-" : "="}${edge.target}`);
const steps = (state) => groupsOf(state.draft).map((group) => group.join("+")).join(" ");
const link = (source, target) => ["connect", { source, target }];

describe("giving seats", () => {
  test("members of a sequence follow each other, and the draft lists their agents", () => {
    const state = team("sequential", "a", "b", "c");
    expect(steps(state)).toBe("a b c");
    expect(wires(state)).toEqual(["?-a", "a-b", "b-c"]);
    expect(state.draft.agent_ids).toEqual(["a", "b", "c"]);
  });

  test("an agent that sits twice gets a step id of its own", () => {
    const state = team("sequential", "a", "a");
    expect(membersOf(state.draft).map(idOf)).toEqual(["a", "a-2"]);
    expect(state.draft.agent_ids).toEqual(["a"]);
  });

  test("a seat right after another one makes room in a sequence and branches in a conditional", () => {
    expect(steps(act(team("sequential", "a", "b"), "add", { agentId: "x", after: "a" }))).toBe("a x b");
    const branched = act(team("conditional", "a", "b"), "add", { agentId: "x", after: "a" });
    expect(steps(branched)).toBe("a b+x");
    expect(wires(branched)).toContain("a=x");
  });

  test("a coordinator stays last whoever comes later", () => {
    const state = does(team("sequential", "a", "b"), ["cast", { id: "a", role: "coordinator" }], ["add", { agentId: "c" }]);
    expect(steps(state)).toBe("b c a");
  });

  test("a second coordinator takes the place of the first, and that is said", () => {
    const state = does(team("sequential", "a", "b"), ["cast", { id: "a", role: "coordinator" }], ["cast", { id: "b", role: "coordinator" }]);
    expect(membersOf(state.draft).map((member) => member.role)).toEqual(["member", "coordinator"]);
    expect(state.said[0]).toMatchObject({ key: "designer.said.one_coordinator", params: { name: "a" } });
  });

  test("a copy keeps its settings and stands beside the first", () => {
    const state = does(team("conditional", "a", "b"), ["change", { id: "b", patch: { on_failure: "continue" } }], ["duplicate", { ids: ["b"] }]);
    expect(steps(state)).toBe("a b+b-2");
    expect(find(state.draft, "b-2").on_failure).toBe("continue");
    expect(state.selection).toEqual(["b-2"]);
  });
});

describe("wiring", () => {
  test("a chosen source takes the place of the strategy's own and joins the chosen ones", () => {
    const state = does(team("conditional", "a", "b", "c"), link("a", "c"));
    expect(find(state.draft, "c").input).toEqual({ source: "agent_result", agent_id: "a" });
    expect(steps(state)).toBe("a b+c");
    expect(find(act(state, ...link(PROMPT, "c")).draft, "c").input).toEqual({ source: "combined", sources: [{ type: "initial_prompt" }, { type: "agent_result", agent_id: "a" }] });
  });

  test("in a sequence a reader is pushed behind what it reads, never pulled forward", () => {
    const state = does(team("sequential", "a", "b", "c"), link("c", "a"));
    expect(steps(state)).toBe("b c a");
    expect(state.said).toEqual([{ key: "designer.said.moved", params: { name: "a", step: 3 }, names: ["name"] }]);
    expect(steps(does(team("sequential", "a", "b", "c"), link("a", "c")))).toBe("a b c");
  });

  test("a circle is refused and its way is told", () => {
    const state = does(team("conditional", "a", "b", "c"), link("a", "b"), link("b", "c"));
    const refused = act(state, ...link("c", "a"));
    expect(refused.draft).toBe(state.draft);
    expect(refused.refusal).toMatchObject({ key: "designer.refused.circle", path: ["a", "b", "c"] });
    expect(pathTo(state.draft, "c", "a")).toEqual(["c", "b", "a"]);
  });

  test("nothing reads itself, the prompt reads nothing, a coordinator is read by nobody", () => {
    const state = does(team("parallel", "a", "b"), ["cast", { id: "b", role: "coordinator" }]);
    const keys = [link("a", "a"), link("a", PROMPT), link("b", "a")].map((command) => act(state, ...command).refusal.key);
    expect(keys).toEqual(["designer.refused.self", "designer.refused.prompt", "designer.refused.coordinator"]);
  });

  test("cutting one of two sources leaves the other; cutting the last leaves the prompt", () => {
    const both = does(team("conditional", "a", "b", "c"), link("a", "c"), link("b", "c"));
    const one = act(both, "disconnect", { edges: [{ source: "a", target: "c" }] });
    expect(find(one.draft, "c").input).toEqual({ source: "agent_result", agent_id: "b" });
    const none = act(one, "disconnect", { edges: [{ source: "b", target: "c" }] });
    expect(find(none.draft, "c").input).toEqual({ source: "initial_prompt" });
    expect(act(none, "disconnect", { edges: [{ source: PROMPT, target: "c" }] }).refusal.key).toBe("designer.refused.last_source");
  });

  test("a parallel coordinator gathers the ends of all branches", () => {
    const state = does(team("parallel", "a", "b", "c", "z"), ["cast", { id: "z", role: "coordinator" }], link("a", "b"));
    expect(wires(state)).toEqual(["?-a", "a=b", "?-c", "b-z", "c-z"]);
    expect(steps(state)).toBe("a+c b z");
  });

  test("without a coordinator the branches of a parallel team end in one result", () => {
    const state = does(team("parallel", "a", "b", "c"), link("a", "b"));
    expect(branchEnds(state.draft)).toEqual(["b", "c"]);
    expect(placesOf(state.draft)[RESULT].x).toBeGreaterThan(placesOf(state.draft).b.x);
    expect(branchEnds(act(state, "cast", { id: "c", role: "coordinator" }).draft)).toEqual([]);
    expect(branchEnds(act(state, "retype", { kind: "sequential" }).draft)).toEqual([]);
  });

  test("who read a member that leaves reads what that member read", () => {
    const state = does(team("conditional", "a", "b", "c"), link("a", "b"), link("b", "c"), ["remove", { ids: ["b"] }]);
    expect(find(state.draft, "c").input).toEqual({ source: "agent_result", agent_id: "a" });
    expect(steps(state)).toBe("a c");
  });
});

describe("order", () => {
  test("a member moves past the step before it, and splits from those it ran with", () => {
    const state = team("sequential", "a", "b", "c");
    expect(steps(act(state, "move", { id: "c", by: -1 }))).toBe("a c b");
    const paired = act(state, "together", { id: "c", isTogether: true });
    expect(steps(paired)).toBe("a b+c");
    expect(steps(act(paired, "move", { id: "c", by: -1 }))).toBe("a c b");
    expect(steps(act(paired, "move", { id: "b", by: 1 }))).toBe("a c b");
    expect(steps(act(paired, "together", { id: "c", isTogether: false }))).toBe("a b c");
  });

  test("the first cannot go up and the last cannot go down", () => {
    const state = team("sequential", "a", "b");
    expect(act(state, "move", { id: "a", by: -1 }).draft).toBe(state.draft);
    expect(act(state, "move", { id: "b", by: 1 }).draft).toBe(state.draft);
  });
});

describe("changing the strategy", () => {
  const judged = () => does(team("conditional", "a", "b", "c"), link("a", "c"), ["change", { id: "c", patch: { conditions: [{ field: "x", operator: "exists" }] } }]);

  test("to a pipeline puts everybody in a row, drops conditions and inputs, and says so", () => {
    const state = act(judged(), "retype", { kind: "pipeline" });
    expect(steps(state)).toBe("a b c");
    expect(wires(state)).toEqual(["?-a", "a-b", "b-c"]);
    expect(find(state.draft, "c").conditions).toBeUndefined();
    expect(state.said.map((each) => each.key)).toEqual(["now_pipeline", "conditions_dropped", "inputs_reset", "in_a_row"].map((key) => `designer.said.${key}`));
    expect(undo(state).draft).toEqual(judged().draft);
  });

  test("to parallel lets all start at once, and a join that only parallel has goes when it leaves", () => {
    const state = does(judged(), ["retype", { kind: "parallel" }], ["limit", { patch: { join: "k", join_k: 2 } }]);
    expect(steps(state)).toBe("a+b+c");
    const back = act(state, "retype", { kind: "sequential" });
    expect(steps(back)).toBe("a b c");
    expect(back.draft.team_config).toEqual({});
    expect(back.said.map((each) => each.key)).toContain("designer.said.join_dropped");
  });

  test("from parallel to conditional keeps what waits for what", () => {
    const state = act(does(team("parallel", "a", "b", "c"), link("a", "c")), "retype", { kind: "conditional" });
    expect(steps(state)).toBe("a+b c");
  });
});

describe("the way back", () => {
  test("undo and redo walk the drafts; a new edit cuts the way forward", () => {
    const state = team("sequential", "a", "b");
    const back = undo(state);
    expect(membersOf(back.draft)).toHaveLength(1);
    expect(redo(back).draft).toEqual(state.draft);
    expect(canRedo(act(back, "add", { agentId: "c" }))).toBe(false);
    expect(undo(undo(undo(back))).draft).toEqual(EMPTY);
  });

  test("typing in one field is one step back, until something else is done", () => {
    const type = (state, name) => act(state, "change", { id: "a", patch: { name } }, { merge: "name:a" });
    const typed = type(type(team("sequential", "a"), "A"), "An");
    expect(find(undo(typed).draft, "a").name).toBeUndefined();
    const resumed = type(select(select(typed, []), ["a"]), "Ana");
    expect(find(undo(resumed).draft, "a").name).toBe("An");
  });

  test("what is gone is no longer selected", () => {
    const state = select(team("sequential", "a", "b"), ["a", "b", "nobody"]);
    expect(state.selection).toEqual(["a", "b"]);
    expect(undo(state).selection).toEqual(["a"]);
  });

  test("an edit that changes nothing is no step", () => {
    const state = team("parallel", "a");
    expect(act(state, "retype", { kind: "parallel" }).past).toHaveLength(1);
  });
});

describe("layout", () => {
  test("a column per step, and a fork lies around what it reads", () => {
    const state = does(team("conditional", "a", "b", "c"), link("a", "b"), link("a", "c"));
    const places = arranged(state.draft);
    expect(places.b.x).toBe(places.c.x);
    expect(places.a.x).toBeLessThan(places.b.x);
    expect(places.b.y + places.c.y).toBe(2 * places.a.y);
    expect(places.c.y - places.b.y).toBeGreaterThan(80);
  });

  test("places chosen by hand are kept in the draft until it is organised", () => {
    const state = act(team("sequential", "a", "b"), "place", { positions: { b: { x: 900.4, y: 40 } } });
    expect(find(state.draft, "b").position).toEqual({ x: 900, y: 40 });
    expect(placesOf(state.draft).b).toEqual({ x: 900, y: 40 });
    expect(placesOf(act(state, "organise").draft)).toEqual(arranged(state.draft));
  });

  test("an edge that passes a column has a row of its own there", () => {
    const state = does(team("conditional", "a", "b", "c", "d"), link("a", "b"), link("b", "c"), link("c", "d"), link("a", "d"));
    const places = arranged(state.draft);
    expect(steps(state)).toBe("a b c d");
    expect(places.b.y).not.toBe(places.a.y);
  });

  test("a new node never lies on another, and arrows find the nearest one", () => {
    const state = does(team("conditional", "a", "b", "c"), link("a", "b"), link("a", "c"));
    const places = placesOf(state.draft);
    const spot = roomBeside(state.draft, "a");
    expect([places.b, places.c].every((each) => Math.abs(each.x - spot.x) >= 200 || Math.abs(each.y - spot.y) >= 76)).toBe(true);
    expect(neighbour(places, "a", [1, 0])).toBe("b");
    expect(neighbour(places, "b", [0, 1])).toBe("c");
    expect(neighbour(places, "b", [0, -1])).toBeNull();
  });

  test("fifty members are laid out in lanes, without two on one place", () => {
    const ids = Array.from({ length: 50 }, (_, number) => `m${number}`);
    const places = Object.values(arranged(team("parallel", ...ids).draft));
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(51);
    expect(Math.max(...places.map(({ y }) => y)) - Math.min(...places.map(({ y }) => y))).toBeLessThan(1000);
  });
});
