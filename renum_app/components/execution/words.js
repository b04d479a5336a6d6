/** The product's texts and formats, bound to the person's language. */
import { useMemo } from "react";
import {
  formatAgo, formatDuration, formatMoment, formatMoney, formatNumber, formatPercent, translate, useLang,
} from "$/public/renum/i18n.js";

const iso = (at) => (at === null || at === undefined ? null : new Date(at).toISOString());

/** Seconds and 24 hours, in every language: the log is a table of them. */
const made = new Map();
function clocks(lang) {
  if (!made.has(lang)) made.set(lang, new Intl.DateTimeFormat(lang, { timeStyle: "medium", hourCycle: "h23" }));
  return made.get(lang);
}

export function useWords() {
  const lang = useLang();
  return useMemo(
    () => ({
      lang,
      t: (key, params, fallback) => translate(lang, `executions.${key}`, params, fallback),
      any: (key, params, fallback) => translate(lang, key, params, fallback),
      problem: (error) => (error ? translate(lang, error.message_key ?? "", error.params, error.message ?? error.code) : ""),
      money: (usd) => formatMoney(lang, usd),
      number: (value) => formatNumber(lang, value),
      percent: (share) => formatPercent(lang, share),
      duration: (ms) => formatDuration(lang, ms === null || ms === undefined ? null : ms / 1000),
      ago: (at, now) => formatAgo(lang, iso(at), now),
      moment: (at) => formatMoment(lang, iso(at)),
      clock: (at) => (at === null || at === undefined ? "—" : clocks(lang).format(at)),
    }),
    [lang],
  );
}
