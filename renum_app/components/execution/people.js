/** What the execution wants of a person, and what it waits for. Pure. */

/** Steps that wait for a decision, the one with the nearest deadline first. */
export function asked(run) {
  const steps = run.order.map((id) => run.steps[id]).filter((step) => step.approval);
  const by = (step) => step.approval.deadline ?? Infinity;
  return steps.sort((a, b) => by(a) - by(b) || a.approval.askedAt - b.approval.askedAt);
}

/** `{what, since}` while nothing moves by itself; null while something does. */
export function waiting(run) {
  if (run.parkedAt !== null && run.waitingFor) return { what: run.waitingFor, since: run.parkedAt };
  const steps = run.order.map((id) => run.steps[id]);
  const open = asked(run);
  if (!open.length || steps.some((step) => step.status === "running")) return null;
  return { what: "approval", since: Math.min(...open.map((step) => step.approval.askedAt)) };
}
