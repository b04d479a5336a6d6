/** The page's fold and the server's say the same of every recorded execution. Run with `bun test tests/unit/components`. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { initial, reduce } from "../../../renum_app/components/execution/reducer.js";

const ROOT = join(import.meta.dir, "../../..");
const RECORDED = join(ROOT, "tests/fixtures/events");
const TYPES = Object.fromEntries(
  [...readFileSync(join(ROOT, "docs/events.md"), "utf8").matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, kind, type]) => [kind, type]),
);
const versions = readdirSync(RECORDED).filter((name) => /^v\d+$/.test(name));
const scenes = versions.flatMap((version) =>
  readdirSync(join(RECORDED, version)).map((name) => [`${version}/${name}`, JSON.parse(readFileSync(join(RECORDED, version, name), "utf8"))]),
);

const at = (moment) => (moment === null ? null : Date.parse(moment));
const message = (event) => ({ ...event, type: TYPES[event.kind] });

/** What both sides know of a step, in the server's words. */
const stepOf = (step) => ({
  status: step.status, attempt: step.attempts.at(-1)?.number ?? 0, input_tokens: step.inputTokens, output_tokens: step.outputTokens,
  cost_usd: step.cost, completed_at: step.endedAt, error_code: step.error?.code ?? null,
});
const rowOf = (row) => ({
  status: row.status, attempt: row.attempt, input_tokens: row.input_tokens, output_tokens: row.output_tokens,
  cost_usd: row.cost_usd, completed_at: at(row.completed_at), error_code: row.error_code,
});

describe("a recorded execution folds to its rows", () => {
  test.each(scenes)("%s", (_, { events, expected, plan }) => {
    const snapshot = { type: "snapshot", last_seq: 0, agents: plan.steps.map((step) => ({ step_id: step.step_id, name: step.name, role: step.role })) };
    const run = reduce(initial("x"), [snapshot, ...events.map(message)]);
    const row = expected.execution;
    expect({ status: run.status, stopping: run.stopping, errorCode: run.errorCode, endedAt: run.endedAt, startedAt: run.startedAt, step: run.currentStep, seq: run.seq })
      .toEqual({ status: row.status, stopping: row.stopping, errorCode: row.error_code, endedAt: at(row.completed_at), startedAt: at(row.started_at), step: row.current_step, seq: events.length });
    expect(run.result).toEqual(row.final_result);
    for (const [id, known] of Object.entries(expected.steps)) expect([id, stepOf(run.steps[id])]).toEqual([id, rowOf(known)]);
  });
});

test("every kind that is documented has a wire type the fold knows", () => {
  const known = new Set(["status_update", "agent_status_update", "progress_update", "result_update", "error_update", "log"]);
  expect(Object.keys(TYPES).length).toBeGreaterThan(25);
  expect(Object.entries(TYPES).filter(([, type]) => !known.has(type))).toEqual([]);
});
