/** What the execution page makes of approvals, silence, parking and reuse. Run with `bun test tests/unit/components`. */
import { describe, expect, test } from "bun:test";
import { budgetOf } from "../../../renum_app/components/execution/budget.js";
import { asked, waiting } from "../../../renum_app/components/execution/people.js";
import { initial, reduce } from "../../../renum_app/components/execution/reducer.js";
import { marks } from "../../../renum_app/components/execution/scale.js";

const START = Date.parse("2026-01-01T12:00:00.000Z");
const TYPES = {
  execution_started: "status_update", execution_parked: "status_update", execution_unparked: "status_update", execution_cancelled: "status_update",
  attempt_started: "agent_status_update", step_completed: "agent_status_update", step_stalled: "agent_status_update", step_revived: "agent_status_update",
  step_reused: "agent_status_update", step_failed: "agent_status_update", approval_requested: "agent_status_update",
  approval_decided: "log", gate_passed: "log", text_streamed: "result_update", output_recorded: "result_update",
};
const log = (...events) =>
  events.map(([seconds, kind, data], place) => ({
    type: TYPES[kind], kind, seq: place + 1, timestamp: new Date(START + seconds * 1000).toISOString(), data,
  }));
const after = (messages) => reduce(initial("x"), messages);

const BEGUN = [[0, "execution_started", { status: "running" }], [0, "attempt_started", { step_id: "a", agent_id: "a", status: "running", attempt: 1 }]];
const ASKED = { step_id: "a", agent_id: "a", status: "waiting", attempt: 1, reason: "approval", approval_id: "one", moment: "after", text: "draft", deadline: "2026-01-01T12:10:00Z", on_deadline: "approve" };
const DECIDED = { level: "info", agent_id: "a", message: "approved", details: { code: "approval_decided", step_id: "a", decision: "approve", text: "better" } };

describe("a step that asks a person", () => {
  test("waits with the text, the deadline and what happens then", () => {
    const state = after(log(...BEGUN, [2, "approval_requested", ASKED]));
    expect(state.steps.a.approval).toEqual({ id: "one", moment: "after", text: "draft", askedAt: START + 2000, deadline: START + 600_000, onDeadline: "approve" });
    expect(state.steps.a).toMatchObject({ status: "waiting", reason: "approval" });
    expect(state.steps.a.attempts[0]).toMatchObject({ outcome: "completed", end: START + 2000 });
    expect(asked(state).map((step) => step.id)).toEqual(["a"]);
  });
  test("asks no more once it is decided, and keeps the decision for who asks why", () => {
    const state = after(log(...BEGUN, [2, "approval_requested", ASKED], [5, "approval_decided", DECIDED]));
    expect(asked(state)).toEqual([]);
    expect(state.steps.a.waits).toEqual([{ start: START + 2000, end: START + 5000, reason: "approval", until: null }]);
    expect(state.steps.a.gates.map((each) => each.details.decision)).toEqual(["approve"]);
    expect(state.steps.a.edited).toBe("better");
    expect(state.logs).toHaveLength(1);
  });
  test("is not answered with an edit when its input was edited", () => {
    const before = { ...ASKED, moment: "before" };
    expect(after(log(...BEGUN, [2, "approval_requested", before], [5, "approval_decided", DECIDED])).steps.a.edited).toBe(null);
  });
  test("asks no more once the execution has ended", () => {
    expect(asked(after(log(...BEGUN, [2, "approval_requested", ASKED], [5, "execution_cancelled", { status: "cancelled" }])))).toEqual([]);
  });
  test("the nearest deadline is asked first, and no deadline last", () => {
    const other = (id, deadline) => ({ ...ASKED, step_id: id, agent_id: id, approval_id: id, deadline });
    const state = after(log(...BEGUN, [1, "approval_requested", other("late", null)], [2, "approval_requested", ASKED], [3, "approval_requested", other("soon", "2026-01-01T12:01:00Z")]));
    expect(asked(state).map((step) => step.id)).toEqual(["soon", "a", "late"]);
  });
});

describe("waiting in words", () => {
  test("an execution waits for a person only once nothing else runs", () => {
    const other = [1, "attempt_started", { step_id: "b", agent_id: "b", status: "running", attempt: 1 }];
    const both = [...BEGUN, other, [2, "approval_requested", ASKED]];
    expect(waiting(after(log(...both)))).toBe(null);
    expect(waiting(after(log(...both, [4, "step_completed", { step_id: "b", status: "completed", attempt: 1 }])))).toEqual({ what: "approval", since: START + 2000 });
  });
  test("parked says what for and since when, until it goes on", () => {
    const parked = [...BEGUN, [3, "execution_parked", { status: "running", waiting_for: "rate_limit", wake_at: "2026-01-01T12:01:00Z" }]];
    expect(waiting(after(log(...parked)))).toEqual({ what: "rate_limit", since: START + 3000 });
    expect(waiting(after(log(...parked, [9, "execution_unparked", { status: "running" }])))).toBe(null);
  });
});

describe("silence", () => {
  test("a stalled step says since when, and runs on in the same attempt once it is heard again", () => {
    const stalled = [...BEGUN, [40, "step_stalled", { step_id: "a", agent_id: "a", status: "running", attempt: 1, reason: "stalled", seconds: 30 }]];
    expect(after(log(...stalled)).steps.a.silentSince).toBe(START + 10_000);
    const revived = after(log(...stalled, [50, "step_revived", { step_id: "a", agent_id: "a", status: "running", attempt: 1 }])).steps.a;
    expect([revived.silentSince, revived.status, revived.attempts.length]).toEqual([null, "running", 1]);
  });
});

describe("reuse", () => {
  const reused = [
    [0, "execution_started", { status: "running" }],
    [0, "output_recorded", { step_id: "a", agent_id: "a", attempt: 0, output: "known", tokens: 0, cost_usd: 0, cost_basis: "reused" }],
    [0, "step_reused", { step_id: "a", agent_id: "a", status: "completed", attempt: 0, reason: "reused", origin: "parent", saved: { cost_usd: 0.02, tokens: 900 } }],
  ];
  test("a reused step is done without an attempt, says whence and what it saved", () => {
    const step = after(log(...reused)).steps.a;
    expect(step).toMatchObject({ status: "completed", output: "known", cost: 0, attempts: [], reused: { origin: "parent", isGiven: false, cost: 0.02, tokens: 900 } });
  });
  test("an unknown saving stays unknown", () => {
    const unknown = log(reused[0], [0, "step_reused", { ...reused[2][2], saved: { cost_usd: null, tokens: 5 } }]);
    expect(after(unknown).steps.a.reused.cost).toBe(null);
  });
  test("its lane says so at the beginning of the score", () => {
    const state = after(log(...reused));
    expect(marks(state, state.steps.a, START + 5000)).toMatchObject([{ kind: "reused", from: 0 }]);
  });
});

test("a gate keeps what it saw with its step and in the log", () => {
  const gate = { level: "info", message: "budget ok", details: { code: "budget_checked", step_id: "a" } };
  const state = after(log(...BEGUN, [1, "gate_passed", gate]));
  expect(state.steps.a.gates).toHaveLength(1);
  expect(state.logs).toHaveLength(1);
});

test("a gate of no step is the whole team's", () => {
  const gate = { level: "info", message: "joined", details: { code: "join_satisfied", gate: "join" } };
  const state = after(log(...BEGUN, [1, "gate_passed", gate]));
  expect(state.gates.map((each) => each.details.gate)).toEqual(["join"]);
  expect(state.steps.a.gates).toEqual([]);
});

test("a higher limit is offered only where the execution's own limit ended it", () => {
  const of = (key) => budgetOf({ errorKey: key && { key: `agent_errors.${key}` } });
  expect(["budget_tokens", "budget_cost", null].map(of)).toEqual(["own", "own", "own"]);
  expect(["budget_team_month", "budget_person_month", "budget_attempts", "budget_unbounded"].map(of)).toEqual(["team", "person", "none", "none"]);
});
