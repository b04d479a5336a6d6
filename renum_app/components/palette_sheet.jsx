/** The sheet of all keys, opened with `?`. */

const GROUPS = {
  everywhere: [[["Ctrl", "K"], "palette"], [["?"], "sheet"], [["g", "p"], "dashboard"], [["g", "e"], "teams"], [["g", "x"], "executions"], [["g", "a"], "agents"], [["g", "v"], "approvals"], [["g", "c"], "settings"], [["n"], "new"], [["Esc"], "close"]],
  lists: [[["/"], "filter"], [["j"], "down"], [["k"], "up"], [["Enter"], "open"]],
  execution: [[["Space"], "follow"], [["←", "→"], "member"], [["["], "earlier"], [["]"], "later"], [["s"], "stop"], [["f"], "fork"], [["l"], "log"], [["e"], "error"]],
};

export function Sheet({ ref, t }) {
  return (
    <dialog ref={ref} className="dialog shortcuts" data-light="" aria-labelledby="shortcuts-title">
      <header className="shortcuts-head">
        <h2 id="shortcuts-title">{t("shortcuts.title")}</h2>
        <button type="button" className="btn btn-quiet btn-small" data-closes="" autoFocus>{t("shortcuts.close")}</button>
      </header>
      <div className="shortcuts-body">
        {Object.entries(GROUPS).map(([group, keys]) => (
          <section key={group}>
            <h3>{t(`shortcuts.group_${group}`)}</h3>
            <dl>
              {keys.map(([combination, word]) => (
                <div key={word}><dt>{t(`shortcuts.${group}_${word}`)}</dt><dd>{combination.map((key) => <kbd key={key} className="kbd">{key}</kbd>)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
