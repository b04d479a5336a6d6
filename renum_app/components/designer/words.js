/** The product's texts, bound to the person's language, and the sentences a member is described by. */
import { useMemo } from "react";
import { formatNumber, translate, useLang } from "$/public/renum/i18n.js";
import { find, idOf, isCoordinator, isParallel, readsFrom, sourcesOf, stepsOf } from "./draft.js";

export function useWords() {
  const lang = useLang();
  return useMemo(() => {
    const t = (key, params, fallback) => translate(lang, key, params, fallback);
    return { lang, t, number: (value) => formatNumber(lang, value), list: (names) => new Intl.ListFormat(lang, { type: "conjunction" }).format(names) };
  }, [lang]);
}

/** What people call a member: its name in the team, else its agent's. */
export function nameOf(draft, agents, id) {
  const member = find(draft, id);
  return member ? member.name || agents.get(member.agent_id)?.name || member.agent_id : id;
}

/** A sentence about members, with their names in place of their step ids. */
export function said(sentence, { t, draft, agents }) {
  const params = { ...sentence.params };
  for (const name of sentence.names ?? []) params[name] = nameOf(draft, agents, params[name]);
  if (sentence.path) params.path = sentence.path.map((id) => nameOf(draft, agents, id)).join(" → ");
  return t(sentence.key, params);
}

const SIGNS = {
  equals: "=", not_equals: "≠", contains: "∋", not_contains: "∌", greater_than: ">", greater_or_equal: "≥", less_than: "<",
  less_or_equal: "≤", exists: "∃", not_exists: "∄",
};
const UNARY = new Set(["exists", "not_exists"]);
export const isUnary = (operator) => UNARY.has(operator);

const shown = (value, lang) => (typeof value === "number" ? formatNumber(lang, value) : value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** `> 3`, for the label on an edge. */
export function conditionSign({ operator, value }, { lang }) {
  return isUnary(operator) ? SIGNS[operator] : `${SIGNS[operator]} ${shown(value, lang)}`;
}

/** `debt_ratio é maior que 3`; all of them with and, any with or. */
export function conditionWords(member, { t, lang }) {
  const each = (member.conditions ?? []).map(({ field, operator, value }) => [field || "…", t(`teams.operator.${operator}`), isUnary(operator) ? "" : shown(value, lang)].filter(Boolean).join(" "));
  return new Intl.ListFormat(lang, { type: member.conditions_mode === "any" ? "disjunction" : "conjunction" }).format(each);
}

/** `debt_ratio > 3 +1`, where there is little room. */
export function conditionShort(member, words) {
  const [first, ...more] = member.conditions ?? [];
  return first ? `${first.field.split(".").at(-1) || "…"} ${conditionSign(first, words)}${more.length ? ` +${more.length}` : ""}` : "";
}

/** What a member is given to read, in a few words. */
export function readingWords(draft, member, agents, { t, list }) {
  const sources = sourcesOf(member);
  if (sources.length === 0) return t(`designer.reads.${defaultReading(draft, member)}`);
  const named = readsFrom(member).map((id) => nameOf(draft, agents, id));
  if (sources.length > 2) return t("designer.reads.several", { n: sources.length });
  if (sources.length === named.length) return t("designer.reads.results_of", { names: list(named) });
  const parts = sources.map((source) => {
    if (source.type === "agent_result") return t("designer.reads.results_of", { names: nameOf(draft, agents, source.agent_id) });
    return source.type === "initial_prompt" ? t("designer.reads.prompt") : source.key || "…";
  });
  return list(parts);
}

/** What the strategy gives a member that chose nothing. */
export function defaultReading(draft, member) {
  if (stepsOf(draft)[idOf(member)] === 1) return "prompt";
  if (isCoordinator(member)) return "results";
  if (isParallel(draft)) return "prompt";
  return draft.workflow_definition.type === "pipeline" ? "previous" : "so_far";
}

/** How branches come together, as a person would say it. */
export function joinWords(draft, { t, number }) {
  const { join = "all", join_k } = draft.team_config ?? {};
  return t(`designer.join.${join}`, { k: join_k ? number(join_k) : "…" });
}

export const initials = (name) => name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word) && word.length > 2).slice(0, 2).map((word) => word[0]).join("").toUpperCase() || name.slice(0, 2).toUpperCase();
