/** A draft as YAML and back; what does not fit is told by line. Pure. */
import { Document, LineCounter, isCollection, isScalar, parseDocument, visit } from "yaml";
import { misfits } from "./shape.js";

const HIDDEN = new Set(["user_api_keys", "is_active"]);
const LONGEST = 400_000;

/** What goes without saying. */
const DEFAULTS = { conditions_mode: "all", on_failure: "stop", requires_approval: "none", role: "member", join: "all" };

/** The draft as a person writes it: only what is set, and who is meant by each id (`names`) as a comment. */
export function written(draft, names = () => undefined) {
  const shown = Object.fromEntries(Object.entries(draft).filter(([name]) => !HIDDEN.has(name)));
  const document = new Document(set(shown));
  visit(document, {
    Scalar(_key, node, path) {
      const name = typeof node.value === "string" && ID_FIELDS.has(fieldOf(path)) ? names(node.value) : undefined;
      if (name && name !== node.value) node.comment = ` ${name.replaceAll("\n", " ")}`;
    },
  });
  return document.toString({ lineWidth: 0 });
}

const ID_FIELDS = new Set(["agent_id", "agent_ids", "fallback_agent_id"]);

/** The name of the field that a scalar is the value of, or in whose list it stands. */
function fieldOf(path) {
  const pair = path.findLast((each) => each.key !== undefined);
  return isScalar(pair?.key) ? pair.key.value : undefined;
}

function set(value) {
  if (Array.isArray(value)) return value.map(set);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([name, each]) => each !== null && each !== undefined && DEFAULTS[name] !== each && !(name === "variables" && each.length === 0));
  return Object.fromEntries(kept.map(([name, each]) => [name, set(each)]));
}

/**
 * What a text says: `{draft, errors: []}`, or `{draft: null, errors}` with `{line, key, params, fallback}` each.
 *
 * What YAML does not say of the team (whether it is switched on) stays as it is in `before`.
 */
export function parsed(text, before) {
  if (text.length > LONGEST) return { draft: null, errors: [{ line: 1, key: "designer.yaml.too_long", params: {} }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const broken = document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, key: `designer.yaml.syntax.${error.code}`, params: {}, fallback: error.message }));
  if (broken.length) return { draft: null, errors: broken };
  let value;
  try {
    value = document.toJS();
  } catch (error) {
    return { draft: null, errors: [{ line: 1, key: "designer.yaml.syntax", params: {}, fallback: error.message }] };
  }
  const wrong = [...misfits(value), ...twice(value)].map(({ path, ...sentence }) => ({ line: lineOf(document, lines, path), ...sentence }));
  if (wrong.length) return { draft: null, errors: wrong };
  return { draft: completed(value, before), errors: [] };
}

/** Two members of one step id: the canvas could not tell them apart. */
function twice(value) {
  const members = Array.isArray(value?.workflow_definition?.agents) ? value.workflow_definition.agents : [];
  const ids = members.map((member) => member?.step_id ?? member?.agent_id);
  const again = ids.map((id, place) => [id, place]).filter(([id, place]) => typeof id === "string" && ids.indexOf(id) < place);
  return again.map(([id, place]) => ({ path: ["workflow_definition", "agents", place], key: "problems.duplicate_step", params: { step_id: id } }));
}

function completed(value, before) {
  const agents = value.workflow_definition.agents.map((member) => ({ role: "member", execution_order: 1, ...member }));
  return {
    ...before,
    ...value,
    description: value.description ?? null,
    team_config: value.team_config ?? {},
    agent_ids: [...new Set(agents.map((member) => member.agent_id))],
    workflow_definition: { ...value.workflow_definition, agents },
  };
}

/** The line of a path, or of the deepest part of it that is there. */
function lineOf(document, lines, path) {
  for (let taken = path.length; taken > 0; taken -= 1) {
    const parent = document.getIn(path.slice(0, taken - 1), true);
    const key = path[taken - 1];
    const pair = isCollection(parent) && parent.items.find((item) => item.key && String(item.key.value ?? item.key) === String(key));
    const node = pair ? pair.key : document.getIn(path.slice(0, taken), true);
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** The line in a written draft that a problem of the server is about. */
export function lineOfProblem(text, path) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return document.errors.length ? 1 : lineOf(document, lines, path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
}
