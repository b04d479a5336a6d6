// Runs before the first paint, and for what must work before the app has started:
// language, density and side bar from this browser's memory; dialogs; showing a password.
(() => {
  // A link of an e-mail that was made for another page may bring tokens along: they do not stay in the address bar.
  if (/(?:^|[#&])(?:access|refresh)_token=/.test(location.hash)) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  const root = document.documentElement;
  const remembered = (name) => {
    const found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return found ? decodeURIComponent(found[1]) : "";
  };
  const chosen = remembered("renum_lang");
  const preferred = (navigator.languages && navigator.languages[0]) || navigator.language || "";
  const lang = chosen === "en" || chosen === "pt-BR" ? chosen : /^pt/i.test(preferred) ? "pt-BR" : "en";
  root.lang = lang;
  root.dataset.density = remembered("renum_density") || "comfortable";
  root.dataset.side = remembered("renum_side") || "wide";
  // The prerendered page is Portuguese: keep it covered until the app has put the other language in.
  if (lang !== "pt-BR") {
    root.dataset.covered = "";
    setTimeout(() => delete root.dataset.covered, 4000);
  }
  const remember = (name, value) => {
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
  };
  document.addEventListener("click", (event) => {
    const source = event.target instanceof Element ? event.target : null;
    const opener = source && source.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    const closer = source && source.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    if (source instanceof HTMLDialogElement && source.hasAttribute("data-light")) source.close();
    const revealer = source && source.closest("[data-reveals]");
    if (revealer) {
      const input = document.getElementById(revealer.dataset.reveals);
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      revealer.setAttribute("aria-pressed", String(!shown));
    }
    const folder = source && source.closest("[data-folds-side]");
    if (folder) {
      root.dataset.side = root.dataset.side === "rail" ? "wide" : "rail";
      remember("renum_side", root.dataset.side);
    }
    // A tray or a menu closes when one looks elsewhere, or follows one of its links.
    for (const tray of document.querySelectorAll("details[data-popover][open]")) {
      if (!tray.contains(source) || source.closest("a, .tray-notes button")) tray.open = false;
    }
    const skip = source && source.closest("[data-skips]");
    if (skip) {
      event.preventDefault();
      document.getElementById("main")?.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    const tray = event.key === "Escape" && document.querySelector("details[data-popover][open]");
    if (!tray) return;
    tray.open = false;
    tray.querySelector("summary").focus();
  });
  // A sign-in form carries where the person wanted to go, whether or not the app has started.
  document.addEventListener("submit", (event) => {
    const next = event.target instanceof HTMLFormElement && event.target.querySelector("input[data-next]");
    if (next) next.value = new URLSearchParams(location.search).get("next") || "";
    const email = next && event.target.querySelector("input[name=email]");
    if (email) sessionStorage.setItem("renum_email", email.value);
    // The token of a link stands behind the #, which is sent to no server.
    const token = event.target instanceof HTMLFormElement && event.target.querySelector("input[data-token]");
    if (token) token.value = location.hash.slice(1);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.getModifierState) root.toggleAttribute("data-caps", event.getModifierState("CapsLock"));
  });
  // Who is led back to the form finds the address they wrote, also in a form that the app adds later.
  const query = new URLSearchParams(location.search);
  const written = query.has("error") || query.has("notice") ? sessionStorage.getItem("renum_email") : "";
  const filled = new WeakSet();
  const fill = () => {
    for (const input of document.querySelectorAll("form:has(input[data-next]) input[name=email]")) {
      if (filled.has(input)) continue;
      filled.add(input);
      input.value ||= written;
    }
  };
  if (written) new MutationObserver(fill).observe(root, { childList: true, subtree: true });
})();
