/** Text and time made short; pure. Numbers and money are formatted by the product's i18n script. */

/** A tick of the axis: whole units only, "30 s", "1 min 30", "2 h". */
export function tickLabel(milliseconds, lang) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toLocaleString(lang)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(`${minutes} min`, seconds % 60);
  if (minutes < 48 * 60) return joined(`${Math.floor(minutes / 60)} h`, minutes % 60);
  return `${Math.round(minutes / 1440)} d`;
}

const joined = (big, small) => (small ? `${big} ${String(small).padStart(2, "0")}` : big);

/** The first words of a markdown answer, for inside a bar. */
export function gist(text, most = 60) {
  if (!text) return "";
  const line = text.slice(0, 400).split("\n").map(bare).find((each) => each.length > 1) ?? "";
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}

const bare = (line) =>
  line
    .replace(/^\s*(#{1,6}|[-*+>]|\d+[.)])\s+/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`~|]/g, "")
    .trim();

/** The sum of what is known; null when nothing is. */
export function sum(values) {
  const known = values.filter((each) => each !== null && each !== undefined);
  return known.length ? known.reduce((a, b) => a + b, 0) : null;
}

/** One line to name a prompt by. */
export const firstLine = (text) => (text ?? "").trim().split("\n")[0].slice(0, 160);

/** A file name people recognise: "analise-financeira-2026-01-31". */
export function fileName(title, at) {
  const plain = title.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  return `${slug || "renum"}-${new Date(at).toISOString().slice(0, 10)}`;
}
