import { useEffect, useSyncExternalStore } from "react";

const FIRST = "pt-BR";
const listeners = new Set();
let current = typeof document === "undefined" ? FIRST : document.documentElement.lang || FIRST;

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The person's language; the page is prerendered in the first one. */
export function useLang() {
  const lang = useSyncExternalStore(subscribe, () => current, () => FIRST);
  useEffect(() => {
    if (lang === current) delete document.documentElement.dataset.covered;
  }, [lang]);
  return lang;
}

export function getLang() {
  return current;
}

/** Change the language of the page in place and remember it. */
export function setLang(lang) {
  if (!(lang in catalogues)) return;
  current = lang;
  document.documentElement.lang = lang;
  document.cookie = `renum_lang=${encodeURIComponent(lang)}; path=/; max-age=31536000; samesite=lax`;
  listeners.forEach((listener) => listener());
}

export function setDensity(density) {
  document.documentElement.dataset.density = density;
  document.cookie = `renum_density=${encodeURIComponent(density)}; path=/; max-age=31536000; samesite=lax`;
  listeners.forEach((listener) => listener());
}

/** How close rows lie: `comfortable` or `compact`. */
export function useDensity() {
  return useSyncExternalStore(subscribe, () => document.documentElement.dataset.density || "comfortable", () => "comfortable");
}

const made = new Map();
const cached = (kind, lang, make) => {
  const key = `${kind} ${lang}`;
  if (!made.has(key)) made.set(key, make());
  return made.get(key);
};
const numbers = (lang, name, options) => cached(name, lang, () => new Intl.NumberFormat(lang, options));

const found = (lang, key, params) => {
  const catalogue = catalogues[lang] ?? catalogues[FIRST];
  if (params && "n" in params) {
    const form = cached("plural", lang, () => new Intl.PluralRules(lang)).select(Number(params.n));
    const plural = catalogue[`${key}.${form}`] ?? catalogue[`${key}.other`];
    if (plural !== undefined) return plural;
  }
  return catalogue[key];
};

/** A number that the server wrote, as a person of this language types it; other text stays as it is. */
export function formatTyped(lang, text) {
  return lang === "pt-BR" && /^-?\d+\.\d+$/.test(text) ? text.replace(".", ",") : text;
}

/** The sentence of `key`; `fallback` (else the key) where there is none. */
export function translate(lang, key, params, fallback) {
  const text = found(lang, key, params) ?? fallback ?? key;
  if (!params) return text;
  return text.replace(/\{(\w+)(?::(\w+))?\}/g, (whole, name, format) => {
    const value = params[name];
    if (value === undefined || value === null) return whole;
    // Older events carry amounts as text.
    if (FORMATS[format] && value !== "" && Number.isFinite(Number(value))) return FORMATS[format](lang, Number(value));
    return typeof value === "number" ? numbers(lang, "plain").format(value) : String(value);
  });
}

const UNKNOWN = "—";
const missing = (value) => value === undefined || value === null || Number.isNaN(value);

export function formatNumber(lang, value) {
  return missing(value) ? UNKNOWN : numbers(lang, "plain").format(value);
}

export function formatPercent(lang, share) {
  return missing(share) ? UNKNOWN : numbers(lang, "percent", { style: "percent", maximumFractionDigits: 1 }).format(share);
}

const SMALLEST_USD = 0.000001;

/** US dollars, with as many decimals as small sums need. */
export function formatMoney(lang, value) {
  if (missing(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size > 0 && size < SMALLEST_USD) return `< ${formatMoney(lang, SMALLEST_USD)}`;
  const digits = size === 0 || size >= 1 ? 2 : size >= 0.0001 ? 4 : 6;
  const format = numbers(lang, `money${digits}`, { minimumFractionDigits: 2, maximumFractionDigits: digits });
  return lang === "pt-BR" ? `US$\u00a0${format.format(value)}` : `US$${format.format(value)}`;
}

/** `1 min 12 s`; below ten seconds with one decimal. */
export function formatDuration(lang, seconds) {
  if (missing(seconds)) return UNKNOWN;
  if (seconds < 10) return `${numbers(lang, "tenth", { maximumFractionDigits: 1 }).format(Math.max(0, seconds))}\u00a0s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const parts = hours ? [`${hours}\u00a0h`, `${minutes}\u00a0min`] : minutes ? [`${minutes}\u00a0min`, `${rest}\u00a0s`] : [`${rest}\u00a0s`];
  return parts.join(" ");
}

/** By the word after a placeholder's colon; `formats.py` writes the same. */
const FORMATS = { usd: formatMoney, seconds: formatDuration };

const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

/** `há 2 min`, `ontem`. */
export function formatAgo(lang, iso, now) {
  if (!iso) return UNKNOWN;
  const seconds = (Date.parse(iso) - (now ?? Date.now())) / 1000;
  const format = cached("ago", lang, () => new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" }));
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return catalogues[lang]["common.now"];
}

/** Date and time in full, with the time zone. */
export function formatMoment(lang, iso) {
  if (!iso) return UNKNOWN;
  const format = cached("moment", lang, () => new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "long" }));
  return format.format(new Date(iso));
}

/** `22/11`. */
export function formatDay(lang, iso) {
  const format = cached("day", lang, () => new Intl.DateTimeFormat(lang, { day: "numeric", month: "numeric", timeZone: "UTC" }));
  return iso ? format.format(new Date(iso)) : UNKNOWN;
}

export function formatClock(lang, iso) {
  if (!iso) return UNKNOWN;
  return cached("clock", lang, () => new Intl.DateTimeFormat(lang, { timeStyle: "medium" })).format(new Date(iso));
}

/** Good morning, afternoon or evening, by this browser's clock; neutral while prerendering. */
export function greet(lang, now) {
  if (!now) return translate(lang, "greeting.any");
  const hour = new Date(now).getHours();
  const part = hour >= 5 && hour < 12 ? "morning" : hour >= 12 && hour < 18 ? "afternoon" : "evening";
  return translate(lang, `greeting.${part}`);
}

let tick = 0;
let ticking;
const ticks = new Set();
const onTick = (listener) => {
  ticks.add(listener);
  ticking ??= setInterval(() => {
    tick = Date.now();
    ticks.forEach((each) => each());
  }, 20000);
  return () => ticks.delete(listener);
};

/** The time, new every 20 s: for relative times that grow old on screen. */
export function useNow() {
  return useSyncExternalStore(onTick, () => (tick ||= Date.now()), () => 0);
}
