/** What a team was asked before: arrow up in an empty prompt goes back, a list shows them all. */
import { useEffect, useRef } from "react";
import { useWords } from "./words.js";

const SHOWN = 160;

export function PastPrompts({ prompts }) {
  const { t } = useWords();
  const here = useRef(null);
  const place = useRef(-1);
  const field = () => here.current?.closest("form")?.elements.namedItem("initial_prompt");
  useEffect(() => {
    const area = field();
    if (!area) return undefined;
    const press = (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      const isBrowsing = area.value === "" || area.value === prompts[place.current];
      if (!by || !isBrowsing || event.shiftKey || event.ctrlKey || event.metaKey) return;
      const next = place.current + by;
      if (next < -1 || next >= prompts.length) return;
      event.preventDefault();
      place.current = next;
      fill(area, prompts[next] ?? "");
    };
    area.addEventListener("keydown", press);
    return () => area.removeEventListener("keydown", press);
  }, [prompts]);
  const take = (prompt, number) => {
    place.current = number;
    fill(field(), prompt);
    here.current.open = false;
    field().focus();
  };
  return (
    <details ref={here} className="run-prompts" hidden={prompts.length === 0}>
      <summary>{t("form.past", { n: prompts.length })} <kbd className="kbd">↑</kbd></summary>
      <ul>
        {prompts.map((prompt, number) => (
          <li key={number}><button type="button" title={prompt} onClick={() => take(prompt, number)}>{prompt.length > SHOWN ? `${prompt.slice(0, SHOWN)}…` : prompt}</button></li>
        ))}
      </ul>
    </details>
  );
}

/** Put text into a field so that React and the form hear of it. */
function fill(area, text) {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
