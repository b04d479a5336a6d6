/** Language, theme and density follow the person: what the account keeps wins once, what is changed here is kept. */
import { useContext, useEffect, useRef } from "react";
import { ColorModeContext } from "$/utils/context";
import { setDensity, setLang, useDensity, useLang } from "$/public/renum/i18n.js";

const NAMES = ["language", "theme", "density"];

/** Per document, since every page mounts this anew. */
let applied = false;

export function FollowPerson({ kept, onBegin, onChange }) {
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);
  const here = { language: useLang(), theme: rawColorMode, density: useDensity() };
  const before = useRef(here);
  const settled = useRef(null);
  useEffect(() => {
    if (!applied) onBegin();
  }, []);
  useEffect(() => {
    if (!kept.is_known || settled.current) return;
    settled.current = { ...here };
    if (applied) return;
    applied = true;
    const set = { language: setLang, theme: setColorMode, density: setDensity };
    for (const name of NAMES) {
      if (!kept[name] || kept[name] === here[name]) continue;
      settled.current[name] = kept[name];
      set[name](kept[name]);
    }
  }, [kept]);
  useEffect(() => {
    const changed = NAMES.filter((name) => here[name] !== before.current[name] && here[name] !== settled.current?.[name]);
    before.current = here;
    if (!settled.current || changed.length === 0) return;
    settled.current = { ...here };
    onChange(here.language, here.theme, here.density);
  }, [here.language, here.theme, here.density]);
  return null;
}
