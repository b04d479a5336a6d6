/** What a draft may hold, as the API's models say it (models/team.py, models/workflow.py). Pure. */

const is = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  whole: Number.isInteger,
  any: () => true,
};
const oneOf = (...words) => ({ words });
const list = (of) => ({ list: of });
const table = (fields, ...required) => ({ fields, required });

const SOURCE = table({ type: oneOf("agent_result", "context", "variable", "initial_prompt"), agent_id: "text", key: "text" }, "type");
const MEMBER = table(
  {
    agent_id: "text", step_id: "text", name: "text", role: oneOf("leader", "member", "coordinator"), execution_order: "whole",
    input: table({ source: oneOf("initial_prompt", "agent_result", "combined"), agent_id: "text", sources: list(SOURCE) }, "source"),
    conditions: list(
      table(
        {
          field: "text", value: "any",
          operator: oneOf("equals", "not_equals", "contains", "not_contains", "greater_than", "greater_or_equal", "less_than", "less_or_equal", "exists", "not_exists"),
        },
        "field", "operator",
      ),
    ),
    conditions_mode: oneOf("all", "any"),
    config: table({ max_tokens: "whole", temperature: "number", tools: list("text") }),
    timeout_seconds: "number", retry: table({ max_attempts: "whole", backoff_seconds: "number" }), on_failure: oneOf("stop", "continue", "fallback"),
    fallback_agent_id: "text", requires_approval: oneOf("none", "before", "after"),
    approval: table({ deadline_seconds: "number", on_deadline: oneOf("approve", "reject") }), position: table({ x: "number", y: "number" }, "x", "y"),
  },
  "agent_id",
);
export const TEAM = table(
  {
    name: "text", description: "text", agent_ids: list("text"),
    workflow_definition: table({ type: oneOf("sequential", "parallel", "pipeline", "conditional"), agents: list(MEMBER) }, "type", "agents"),
    team_config: table({
      max_tokens: "whole", temperature: "number", timeout: "number", max_cost_usd: "number", monthly_budget_usd: "number", max_concurrency: "whole",
      join: oneOf("all", "any", "first", "k"), join_k: "whole",
      variables: list(table({ name: "text", description: "text", default: "any" }, "name")),
    }),
  },
  "name", "workflow_definition",
);

/** Everything that does not fit, each with its path. */
export const misfits = (value) => check(value, TEAM, []);

function check(value, shape, path) {
  if (typeof shape === "string") return is[shape](value) ? [] : [wrong(path, `not_${shape}`)];
  if (shape.words) return shape.words.includes(value) ? [] : [wrong(path, "not_one_of", { words: shape.words.join(", ") })];
  if (shape.list) return Array.isArray(value) ? value.flatMap((item, place) => check(item, shape.list, [...path, place])) : [wrong(path, "not_list")];
  return checkTable(value, shape, path);
}

function checkTable(value, { fields, required }, path) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [wrong(path, "not_table")];
  const missing = required.filter((name) => value[name] === undefined || value[name] === null).map((name) => wrong(path, "missing", { name }));
  const inner = Object.entries(value).flatMap(([name, each]) => {
    if (!Object.hasOwn(fields, name)) return [wrong([...path, name], "unknown", { name })];
    return each === null ? [] : check(each, fields[name], [...path, name]);
  });
  return [...missing, ...inner];
}

const wrong = (path, code, params = {}) => ({ path, key: `designer.yaml.${code}`, params });
