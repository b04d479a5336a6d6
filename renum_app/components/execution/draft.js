/** A copy-on-write view of the execution for one batch: only what the batch touches is copied. */

export class Draft {
  constructor(state) {
    this.next = { ...state };
    this.owned = new Set();
  }

  list(name) {
    if (!this.owned.has(name)) {
      this.owned.add(name);
      this.next[name] = this.next[name].slice();
    }
    return this.next[name];
  }

  step(id, known = {}) {
    if (!this.owned.has("steps")) {
      this.owned.add("steps");
      this.next.steps = { ...this.next.steps };
    }
    const steps = this.next.steps;
    if (!steps[id]) {
      steps[id] = newStep(id, known);
      this.list("order").push(id);
      this.owned.add(`step ${id}`);
    } else if (!this.owned.has(`step ${id}`)) {
      this.owned.add(`step ${id}`);
      steps[id] = copyOf(steps[id]);
    }
    return steps[id];
  }
}

const copyOf = (step) => ({
  ...step, attempts: step.attempts.map((each) => ({ ...each })), waits: step.waits.slice(), gates: step.gates.slice(),
});

function newStep(id, known) {
  return {
    id, agentId: known.agent_id ?? id, name: known.name || known.agent_id || id, role: known.role ?? "member",
    backend: known.backend ?? "", model: known.model ?? "", status: "pending", reason: null, details: null,
    attempts: [], waits: [], gates: [], endedAt: null, tokens: null, inputTokens: null, outputTokens: null,
    cost: null, costBasis: null, billed: null, output: null, error: null, approval: null, edited: null, silentSince: null, reused: null,
  };
}
