/** Whose budget it was: a higher cap of the next execution helps only with the execution's own. */
export function budgetOf(run) {
  const key = run.errorKey?.key ?? "";
  if (key.endsWith("budget_person_month")) return "person";
  if (key.endsWith("budget_team_month")) return "team";
  return /budget_(attempts|unbounded)$/.test(key) ? "none" : "own";
}
