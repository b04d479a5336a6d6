/** What the palette offers for some words; pure but for the memory of what was chosen. */

const KEPT = 6;
const KEY = "renum-palette";

/** Typed with a slash; each language's own word, and the other's too. */
const COMMANDS = [
  { word: "new_team", href: "/teams/new" },
  { word: "new_agent", href: "/agents/new" },
  { word: "theme", command: "theme" },
  { word: "language", command: "language" },
  { word: "density", command: "density" },
  { word: "shortcuts", command: "shortcuts" },
];

export const commandsFor = (t) =>
  COMMANDS.map(({ word, ...what }) => ({ group: "commands", label: t(`palette.command_${word}`), hint: t(`palette.about_${word}`), ...what }));

/** The items for what is typed; before typing, what was chosen last and everything near. */
export function matching(words, { places, teams, agents, executions, commands }, recent, t) {
  const wanted = plain(words);
  const pages = places.map((place) => ({ group: "places", label: t(place.key), href: place.href }));
  if (words.startsWith("/")) return commands.filter((item) => plain(item.label).includes(wanted));
  const found = [
    ...teams.flatMap((team) => teamItems(team, wanted, t)),
    ...agents.map((agent) => ({ group: "agents", label: agent.name, hint: agent.about, href: `/agents/${agent.id}` })),
    ...executions.map((each) => ({ group: "executions", label: each.name, hint: each.about, href: `/executions/${each.id}` })),
  ];
  if (!wanted) return [...recent.map((item) => ({ ...item, group: "recent" })), ...pages, ...without(found, recent), ...commands];
  // The server has looked for the words already; until it answers, what no longer fits goes.
  const fitting = (items) => items.filter((item) => plain(`${item.label} ${item.hint ?? ""}`).includes(wanted));
  return [...fitting(pages), ...fitting(found), ...fitting(commands)];
}

const without = (items, recent) => items.filter((item) => !recent.some((each) => each.href === item.href));

/** A team is opened, or run. */
function teamItems(team, wanted, t) {
  const opened = { group: "teams", label: team.name, hint: team.about, href: `/teams/${team.id}` };
  const run = { group: "teams", label: t("palette.run_team", { name: team.name }), href: `/teams/${team.id}/execute` };
  return wanted ? [opened, run] : [opened];
}

/** Without accents and capitals, so that "analise" finds "Análise". */
export const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();

export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]").filter((item) => item?.href?.startsWith("/") && item.label);
  } catch {
    return []; // written by another version, or not allowed
  }
}

export function remember({ label, hint, href }) {
  const others = remembered().filter((item) => item.href !== href);
  localStorage.setItem(KEY, JSON.stringify([{ label, hint, href }, ...others].slice(0, KEPT)));
}
