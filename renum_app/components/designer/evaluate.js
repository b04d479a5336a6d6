/** Whether a condition would hold on a value that was seen: the engine's own rules (engine/conditions.py). Pure. */

const NUMBER = /^\s*[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?\s*$/;

const numeric = (value) => {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : null;
};
const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const folded = (value) => text(value).toLowerCase();

function equals(actual, wanted) {
  if (actual === null || wanted === null || wanted === undefined) return actual === (wanted ?? null);
  const [left, right] = [numeric(actual), numeric(wanted)];
  return left !== null && right !== null ? left === right : text(actual) === text(wanted);
}

function contains(actual, wanted) {
  if (actual === null || wanted === null || wanted === undefined) return false;
  if (typeof actual === "object") return (Array.isArray(actual) ? actual : Object.keys(actual)).some((item) => folded(item) === folded(wanted));
  return folded(actual).includes(folded(wanted));
}

const compared = (test) => (actual, wanted) => {
  const [left, right] = [numeric(actual), numeric(wanted)];
  return left !== null && right !== null && test(left, right);
};

const COMPARISONS = {
  equals,
  contains,
  not_equals: (actual, wanted) => !equals(actual, wanted),
  not_contains: (actual, wanted) => !contains(actual, wanted),
  greater_than: compared((left, right) => left > right),
  greater_or_equal: compared((left, right) => left >= right),
  less_than: compared((left, right) => left < right),
  less_or_equal: compared((left, right) => left <= right),
  exists: () => true,
  not_exists: () => false,
};

export const OPERATORS = [
  "equals", "not_equals", "contains", "not_contains", "greater_than", "greater_or_equal", "less_than", "less_or_equal", "exists", "not_exists",
];

export const holds = ({ operator, value }, actual) => COMPARISONS[operator](actual, value);

/** A value as it was typed: numbers become numbers, also with a decimal comma; the rest stays text. */
export function typed(words) {
  const number = words.trim().replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(number) && String(Number(number)).length < 16 ? Number(number) : words;
}
