/** The fold behind the execution page. Run with `bun test tests/unit/components`. */
import { describe, expect, test } from "bun:test";
import { criticalPath } from "../../../renum_app/components/execution/critical.js";
import { gist, tickLabel } from "../../../renum_app/components/execution/format.js";
import { History } from "../../../renum_app/components/execution/history.js";
import { layout } from "../../../renum_app/components/execution/layers.js";
import { initial, isReady, reduce } from "../../../renum_app/components/execution/reducer.js";
import { axis, marks, scoreLength } from "../../../renum_app/components/execution/scale.js";
import { isUntold } from "../../../renum_app/components/execution/steps.js";
import { addPiece, emptyText } from "../../../renum_app/components/execution/text.js";
import { moved, showing, ticksIn, zoomed } from "../../../renum_app/components/execution/zoom.js";

const START = Date.parse("2026-01-01T12:00:00.000Z");
const TYPES = {
  execution_accepted: "status_update", execution_started: "status_update", execution_completed: "status_update",
  execution_cancelled: "status_update", execution_failed: "status_update", stop_requested: "status_update",
  attempt_started: "agent_status_update", retry_scheduled: "agent_status_update", step_completed: "agent_status_update",
  step_skipped: "agent_status_update", step_cancelled: "agent_status_update", step_failed: "agent_status_update",
  text_streamed: "result_update", text_replaced: "result_update", output_recorded: "result_update", result_recorded: "result_update",
  attempt_failed: "error_update", progress_made: "progress_update", logged: "log", attempt_interrupted: "log",
};

/** A log of `[seconds, kind, data]`, numbered from 1. */
const log = (...events) =>
  events.map(([seconds, kind, data], place) => ({
    type: TYPES[kind], kind, seq: place + 1, timestamp: new Date(START + seconds * 1000).toISOString(), data,
  }));
const live = (offset, delta, attempt = 1) => ({ type: "result_update", data: { step_id: "a", agent_id: "a", attempt, offset, delta } });
const after = (messages, from = initial("x")) => reduce(from, messages);
const textOf = (state, id = "a") => state.steps[id].attempts.at(-1).text.value;

const RETRIED = log(
  [0, "execution_started", { status: "running" }],
  [0, "attempt_started", { step_id: "a", agent_id: "a", status: "running", attempt: 1 }],
  [1, "text_streamed", { step_id: "a", attempt: 1, offset: 0, delta: "half an ans" }],
  [2, "attempt_failed", { step_id: "a", attempt: 1, code: "agent_failed", message: "529", will_retry: true }],
  [2, "retry_scheduled", { step_id: "a", status: "waiting", attempt: 1, reason: "agent_failed", retry_at: "2026-01-01T12:00:04Z" }],
  [4, "attempt_started", { step_id: "a", agent_id: "a", status: "running", attempt: 2 }],
  [5, "text_streamed", { step_id: "a", attempt: 2, offset: 0, delta: "whole" }],
  [6, "output_recorded", { step_id: "a", attempt: 2, output: "whole", input_tokens: 10, output_tokens: 5, cost_usd: null, cost_basis: "unknown" }],
  [6, "step_completed", { step_id: "a", status: "completed", attempt: 2, tokens: 15, cost_usd: null }],
  [6, "execution_completed", { status: "completed" }],
);

const RETRIED_START = [
  [0, "execution_started", { status: "running" }],
  [0, "attempt_started", { step_id: "a", agent_id: "a", status: "running", attempt: 1 }],
];

describe("text", () => {
  test("a piece told twice is written once", () => {
    expect(addPiece(addPiece(emptyText(), 0, "hello"), 0, "hello").value).toBe("hello");
  });
  test("a longer copy of a known piece adds only what is new", () => {
    expect(addPiece(addPiece(emptyText(), 0, "hel"), 0, "hello").value).toBe("hello");
  });
  test("a piece that comes too early waits for the gap to be filled", () => {
    const early = addPiece(addPiece(emptyText(), 6, "world"), 3, "lo ");
    expect(early.value).toBe("");
    expect(addPiece(early, 0, "hel").value).toBe("hello world");
  });
  test("offsets count characters as the server does, so that an emoji is one", () => {
    const text = addPiece(addPiece(emptyText(), 0, "🎼🎵"), 1, "🎵 ok");
    expect(text).toEqual({ value: "🎼🎵 ok", length: 5, early: [] });
  });
  test("any order of overlapping copies gives the same text", () => {
    const whole = "Análise 🎼 de risco";
    const points = Array.from(whole);
    for (let round = 0; round < 200; round += 1) {
      const pieces = Array.from({ length: 40 }, () => {
        const at = Math.floor(Math.random() * points.length);
        return [at, points.slice(at, at + 1 + Math.floor(Math.random() * 6)).join("")];
      }).concat(points.map((point, at) => [at, point]));
      pieces.sort(() => Math.random() - 0.5);
      expect(pieces.reduce((text, [offset, delta]) => addPiece(text, offset, delta), emptyText()).value).toBe(whole);
    }
  });
});

describe("fold", () => {
  test("a retried step keeps its failed attempt beside the one that answered", () => {
    const step = after(RETRIED).steps.a;
    expect(step.attempts.map((each) => [each.number, each.outcome, each.text.value])).toEqual([[1, "failed", "half an ans"], [2, "completed", "whole"]]);
    expect(step.waits).toEqual([{ start: START + 2000, end: START + 4000, reason: "agent_failed", until: START + 4000 }]);
  });
  test("an unknown cost stays unknown and is never zero", () => {
    expect(after(RETRIED).steps.a).toMatchObject({ cost: null, tokens: 15, inputTokens: 10 });
  });
  test("replaying with repeats after a reconnect gives the same state", () => {
    const once = after(RETRIED);
    const twice = after(RETRIED, after(RETRIED.slice(0, 7)));
    expect(twice).toEqual(once);
  });
  test("one batch or many give the same state", () => {
    const single = RETRIED.reduce((state, message) => reduce(state, [message]), initial("x"));
    expect(single).toEqual(after(RETRIED));
  });
  test("reducing changes nothing in the state it starts from", () => {
    const before = after(RETRIED.slice(0, 3));
    const kept = structuredClone(before);
    after(RETRIED.slice(3), before);
    expect(before).toEqual(kept);
  });
  test("unstored text shows at once and its stored copy adds nothing", () => {
    const state = after([...RETRIED.slice(0, 2), live(0, "half "), live(5, "an "), RETRIED[2]]);
    expect(textOf(state)).toBe("half an ans");
  });
  test("unstored text of an attempt not yet told is left to the log", () => {
    expect(after([...RETRIED.slice(0, 2), live(0, "late", 2)]).steps.a.attempts).toHaveLength(1);
  });
  test("a reattached run may tell its text anew", () => {
    const events = log(
      [0, "attempt_started", { step_id: "a", status: "running", attempt: 1 }],
      [1, "text_streamed", { step_id: "a", attempt: 1, offset: 0, delta: "old" }],
      [2, "text_replaced", { step_id: "a", attempt: 1, text: "new text" }],
      [3, "text_streamed", { step_id: "a", attempt: 1, offset: 8, delta: "!" }],
    );
    expect(textOf(after(events))).toBe("new text!");
  });
  test("an attempt cut by a restart ends interrupted and its step waits", () => {
    const events = log(
      [0, "attempt_started", { step_id: "a", status: "running", attempt: 1 }],
      [1, "attempt_interrupted", { level: "warning", message: "", details: { step_id: "a", code: "attempt_interrupted" } }],
      [2, "attempt_started", { step_id: "a", status: "running", attempt: 2 }],
    );
    const { steps, logs } = after(events);
    expect(steps.a.attempts.map((each) => each.outcome)).toEqual(["interrupted", "running"]);
    expect(logs).toHaveLength(1);
  });
  test("the end closes whatever was still open", () => {
    const events = [...RETRIED.slice(0, 3), { type: "status_update", kind: "execution_cancelled", seq: 4, timestamp: "2026-01-01T12:00:03Z", data: { status: "cancelled" } }];
    const state = after(events);
    expect(state.steps.a.attempts[0]).toMatchObject({ outcome: "cancelled", end: START + 3000 });
    expect(state).toMatchObject({ status: "cancelled", endedAt: START + 3000, stopping: false });
  });
  test("the page is ready once everything the snapshot knew has been folded in", () => {
    const snapshot = { type: "snapshot", last_seq: 3, total_steps: 2, agents: [{ step_id: "a", name: "Ana" }, { step_id: "b", name: "Bia" }] };
    const begun = after([snapshot, ...RETRIED.slice(0, 2)]);
    expect(isReady(begun)).toBe(false);
    expect(begun.order).toEqual(["a", "b"]);
    expect(isReady(after(RETRIED.slice(0, 3), begun))).toBe(true);
  });
  test("a browser's clock that is off is set by the first fresh event and never by old ones", () => {
    const ahead = (seconds) => START + seconds * 1000 + 60_000;
    const snapshot = { type: "snapshot", last_seq: 2, agents: [] };
    const replayed = reduce(initial("x"), [snapshot, ...RETRIED.slice(0, 2)], ahead(300));
    expect(replayed.skew).toBe(0);
    const live = reduce(replayed, [RETRIED[2]], ahead(1.2));
    expect(live.skew).toBe(60_200);
    expect(reduce(live, [RETRIED[3]], ahead(2.05)).skew).toBe(60_050);
  });
  test("no event lies in the future of a clock that is slow", () => {
    const snapshot = { type: "snapshot", last_seq: 3, agents: [] };
    expect(reduce(initial("x"), [snapshot, ...RETRIED.slice(0, 3)], START - 29_000).skew).toBe(-30_000);
  });
  test("ten thousand events fold in well under a second", () => {
    const events = log([0, "attempt_started", { step_id: "a", status: "running", attempt: 1 }], ...Array.from({ length: 10000 }, (_, n) => [n / 100, n % 2 ? "logged" : "text_streamed", n % 2 ? { level: "info", message: `${n}` } : { step_id: "a", attempt: 1, offset: n, delta: "xy" }]));
    const begin = performance.now();
    let state = initial("x");
    for (let at = 0; at < events.length; at += 50) state = reduce(state, events.slice(at, at + 50));
    expect(textOf(state)).toHaveLength(10000);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe("scale", () => {
  test("the axis covers the time with whole units and few ticks", () => {
    for (const length of [100, 7_300, 59_000, 61_000, 3_600_000, 90_000_000, 3e9]) {
      const { span, ticks } = axis(length);
      expect(span).toBeGreaterThanOrEqual(length);
      expect(ticks.length).toBeLessThanOrEqual(10);
      expect(ticks.at(-1)).toBe(span);
    }
  });
  test("a live score leaves room on the right and a finished one does not", () => {
    const running = after(RETRIED.slice(0, 3));
    expect(scoreLength(running, START + 60_000)).toBeGreaterThan(60_000);
    expect(scoreLength(after(RETRIED), START + 999_000)).toBe(6000);
  });
  test("a lane shows attempts and waits in order", () => {
    const state = after(RETRIED);
    expect(marks(state, state.steps.a, START + 6000).map(({ kind, from, to }) => [kind, from, to])).toEqual([["attempt", 0, 2000], ["wait", 2000, 4000], ["attempt", 4000, 6000]]);
  });
  test("a skipped member leaves a ghost and a queued one stands to the right of now", () => {
    const snapshot = { type: "snapshot", last_seq: 0, agents: [{ step_id: "a" }, { step_id: "b" }, { step_id: "c" }] };
    const state = after([snapshot, ...RETRIED.slice(0, 2), { type: "agent_status_update", kind: "step_skipped", seq: 3, timestamp: "2026-01-01T12:00:03Z", data: { step_id: "b", status: "skipped", reason: "condition_false" } }]);
    expect(marks(state, state.steps.b, START + 4000)[0]).toMatchObject({ kind: "skipped", from: 3000 });
    expect(marks(state, state.steps.c, START + 4000)[0].from).toBeGreaterThan(4000);
  });
});

test("a gist is the first words without their marks", () => {
  expect(gist("\n## **Riscos** [fonte](http://x)\n1. a")).toBe("Riscos fonte");
});

test("ticks are named in whole units", () => {
  const labels = [0, 500, 30_000, 60_000, 90_000, 7_200_000].map((at) => tickLabel(at, "pt-BR"));
  expect(labels).toEqual(["0 s", "0,5 s", "30 s", "1 min", "1 min 30", "2 h"]);
});

describe("looking back", () => {
  const told = (messages) => {
    const history = new History("x");
    history.add([{ type: "snapshot", last_seq: messages.length, total_steps: 1, agents: [{ step_id: "a", agent_id: "a", name: "Ana" }] }, ...messages]);
    return history;
  };
  const at = (seconds) => START + seconds * 1000;

  test("a past moment is the fold of what had been told by then, and nothing later", () => {
    const past = told(RETRIED).at(at(1.5));
    expect(past.status).toBe("running");
    expect(past.steps.a.attempts.length).toBe(1);
    expect(textOf(past)).toBe("half an ans");
    expect(past.shownAt).toBe(at(1.5));
    expect(isReady(past)).toBe(true);
  });
  test("names are known at every moment, even before the first event", () => {
    expect(told(RETRIED).at(at(-1)).steps.a.name).toBe("Ana");
  });
  test("a moment in the middle of a long log is the same as folding from the start", () => {
    const pieces = Array.from({ length: 2600 }, (_, place) => [2 + place / 100, "text_streamed", { step_id: "a", attempt: 1, offset: place, delta: "x" }]);
    const messages = log(RETRIED_START[0], RETRIED_START[1], ...pieces);
    const history = told(messages);
    for (const seconds of [27.5, 3, 14.24, 2]) {
      const upTo = messages.filter((message) => Date.parse(message.timestamp) <= at(seconds));
      expect(textOf(history.at(at(seconds)))).toBe(textOf(after(upTo)));
    }
  });
  test("milestones lead back and on through what changed, never twice to one moment", () => {
    const history = told(RETRIED);
    expect(history.milestone(at(6), -1)).toBe(at(4));
    expect(history.milestone(at(4), -1)).toBe(at(2));
    expect(history.milestone(at(2), 1)).toBe(at(4));
    expect(history.milestone(at(6), 1)).toBe(null);
    expect(history.milestone(at(0), -1)).toBe(null);
  });
  test("a repeat after a reconnect is not told twice", () => {
    const history = told(RETRIED);
    history.add(RETRIED);
    expect(history.messages.length).toBe(RETRIED.length);
  });
});

describe("the critical path", () => {
  const turns = log(
    [0, "execution_started", { status: "running" }],
    [0, "attempt_started", { step_id: "a", agent_id: "a", status: "running", attempt: 1, reads: ["initial_prompt"] }],
    [0, "attempt_started", { step_id: "b", agent_id: "b", status: "running", attempt: 1, reads: ["initial_prompt"] }],
    [3, "step_completed", { step_id: "b", status: "completed", attempt: 1 }],
    [7, "step_completed", { step_id: "a", status: "completed", attempt: 1 }],
    [7, "attempt_started", { step_id: "c", agent_id: "c", status: "running", attempt: 1, reads: ["a", "b"] }],
    [9, "step_completed", { step_id: "c", status: "completed", attempt: 1 }],
  );
  test("goes through the branch that everybody waited for", () => {
    expect(criticalPath(after(turns))).toEqual(["a", "c"]);
  });
  test("is empty before anybody has begun", () => {
    expect(criticalPath(after(turns.slice(0, 1)))).toEqual([]);
  });
});

describe("zoom", () => {
  test("the point under the pointer stays where it is", () => {
    const part = zoomed(null, 10000, 2, 2000);
    expect(part).toEqual({ from: 1000, length: 5000 });
  });
  test("out of the whole is the whole", () => {
    expect(zoomed({ from: 1000, length: 5000 }, 10000, 0.5, 2000)).toBe(null);
  });
  test("moving ends at the edges", () => {
    expect(moved({ from: 1000, length: 5000 }, 10000, 3).from).toBe(5000);
    expect(moved({ from: 1000, length: 5000 }, 10000, -3).from).toBe(0);
  });
  test("the present that runs out of sight is brought back into it", () => {
    expect(showing({ from: 0, length: 1000 }, 10000, 4000)).toEqual({ from: 3500, length: 1000 });
    expect(showing({ from: 0, length: 1000 }, 10000, 900).from).toBe(0);
  });
  test("ticks are whole units inside the part", () => {
    expect(ticksIn({ from: 1500, length: 3000 }, 1000)).toEqual([2000, 3000, 4000]);
  });
});

describe("the graph", () => {
  const wires = [
    { step_id: "a", column: 0, reads: [], is_conditional: false },
    { step_id: "b", column: 0, reads: [], is_conditional: false },
    { step_id: "c", column: 1, reads: ["a", "b"], is_conditional: true },
  ];
  test("members that run together stand in one column, and whoever reads them to the right", () => {
    const { places } = layout(["a", "b", "c"], wires);
    expect(places.a.x).toBe(places.b.x);
    expect(places.a.y).not.toBe(places.b.y);
    expect(places.c.x).toBeGreaterThan(places.a.x);
  });
  test("an edge comes from each source, and from the prompt where there is none", () => {
    const { edges } = layout(["a", "b", "c"], wires);
    expect(edges.map((edge) => [edge.from, edge.to])).toEqual([["", "a"], ["", "b"], ["a", "c"], ["b", "c"]]);
    expect(edges.at(-1).isConditional).toBe(true);
  });
  test("a member that no wire names still has a place", () => {
    expect(layout(["a", "z"], wires).places.z).toBeDefined();
  });
});

describe("what a Suna server told", () => {
  const untold = [...RETRIED_START, [3, "step_completed", { step_id: "a", status: "completed", attempt: 1, tokens: null, cost_usd: null }]];

  test("the bill stands beside the cost", () => {
    const told = [...RETRIED_START, [3, "step_completed", { step_id: "a", status: "completed", attempt: 1, tokens: 5, cost_usd: 0.01, billed_usd: 0.04 }]];
    expect(after(log(...told)).steps.a).toMatchObject({ cost: 0.01, billed: 0.04 });
    expect(after(log(...untold)).steps.a.billed).toBeNull();
  });

  test("a step of which nobody told what it used is known as such once it has ended", () => {
    expect(isUntold(after(log(...RETRIED_START)).steps.a)).toBe(false);
    expect(isUntold(after(log(...untold)).steps.a)).toBe(true);
    expect(isUntold(after(RETRIED).steps.a)).toBe(false);
  });
});
