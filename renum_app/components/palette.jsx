/** Anywhere by keyboard: the command palette (Ctrl K), the shortcut sheet (?), `g` and a letter, `n`, `/`, `j` and `k`. */
import { useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ColorModeContext } from "$/utils/context";
import { setDensity, setLang, translate, useDensity, useLang } from "$/public/renum/i18n.js";
import { commandsFor, matching, remember, remembered } from "./palette_items.js";
import { Sheet } from "./palette_sheet.jsx";
import { useShortcuts } from "./palette_keys.js";

const PAUSE_MS = 180;

/** `places` are `{key, href}`; `teams`, `agents`, `executions` what the server found for the last words. */
export function CommandPalette({ places, teams, agents, executions, onFind }) {
  const lang = useLang();
  const t = (key, params) => translate(lang, key, params);
  const go = useNavigate();
  const dialog = useRef(null);
  const sheet = useRef(null);
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const list = useId();
  const theme = useContext(ColorModeContext);
  const density = useDensity();
  const open = () => {
    if (dialog.current.open) return;
    sheet.current?.close();
    setWords("");
    setChosen(0);
    setOpen(true);
    dialog.current.showModal();
    onFind?.("");
  };
  useShortcuts({ go, open, showSheet: () => sheet.current?.showModal() });
  useEffect(() => {
    if (!isOpen || words.startsWith("/")) return undefined;
    const timer = setTimeout(() => onFind?.(words.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words, isOpen]);
  const does = {
    theme: () => theme.setColorMode(theme.resolvedColorMode === "dark" ? "light" : "dark"),
    language: () => setLang(lang === "en" ? "pt-BR" : "en"),
    density: () => setDensity(density === "compact" ? "comfortable" : "compact"),
    shortcuts: () => sheet.current?.showModal(),
  };
  const items = useMemo(() => {
    const found = { places: places ?? [], teams: teams ?? [], agents: agents ?? [], executions: executions ?? [], commands: commandsFor(t) };
    return matching(words, found, isOpen ? remembered() : [], t);
  }, [words, teams, agents, executions, places, lang, isOpen]);
  const pick = (item) => {
    if (!item) return;
    dialog.current.close();
    if (item.command) return does[item.command]?.();
    remember(item);
    go(item.href);
  };
  const press = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) {
      event.preventDefault();
      const next = (chosen + step + items.length) % items.length;
      setChosen(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(items[chosen]);
    }
  };
  return (
    <>
      <dialog ref={dialog} className="dialog palette" data-light="" aria-label={t("palette.title")} onClose={() => setOpen(false)}>
        {isOpen && (
          <>
            <input
              className="palette-input" type="text" role="combobox" aria-expanded="true" aria-controls={list} aria-autocomplete="list"
              aria-activedescendant={items.length ? `${list}-${chosen}` : undefined} aria-label={t("palette.title")} placeholder={t("palette.placeholder")}
              value={words} autoFocus autoComplete="off" spellCheck="false" onKeyDown={press}
              onChange={(event) => { setWords(event.target.value); setChosen(0); }}
            />
            <Options id={list} items={items} chosen={chosen} onPick={pick} onPoint={setChosen} t={t} />
            <p className="palette-foot"><kbd className="kbd">↑↓</kbd> {t("palette.move")} <kbd className="kbd">Enter</kbd> {t("palette.open")} <kbd className="kbd">/</kbd> {t("palette.commands")} <kbd className="kbd">?</kbd> {t("shortcuts.title")}</p>
          </>
        )}
      </dialog>
      <Sheet ref={sheet} t={t} />
    </>
  );
}

function Options({ id, items, chosen, onPick, onPoint, t }) {
  return (
    <div id={id} role="listbox" aria-label={t("palette.title")} className="palette-list">
      {items.length === 0 && <p className="palette-none">{t("palette.none")}</p>}
      {items.map((item, place) => (
        <div key={`${item.group} ${item.href ?? item.command}`}>
          {items[place - 1]?.group !== item.group && <p className="palette-group" aria-hidden="true">{t(`palette.group_${item.group}`)}</p>}
          <div
            id={`${id}-${place}`} role="option" aria-selected={place === chosen} className="palette-item"
            onMouseMove={() => onPoint(place)} onClick={() => onPick(item)}
          >
            <span className="palette-label">{item.label}</span>
            {item.hint && <span className="palette-hint">{item.hint}</span>}
          </div>
        </div>
      ))}
    </div>
  );
}
