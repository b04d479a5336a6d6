"""The catalogues as one script for the browser: `import { translate, useLang } from "$/public/renum/i18n.js"`."""

from __future__ import annotations

import json
from pathlib import Path

from renum_app.i18n import LOCALES, catalogue

PATH = "public/renum/i18n.js"
"""Inside the built front end's folder."""

LIBRARY = f"$/{PATH}"
"""What components import it as."""

_TERMINAL = "cli."
"""What the keys of the command line begin with."""


def script() -> tuple[str, str]:
    """Where the script goes, and its text: all catalogues but the terminal's, and `runtime.js`."""
    shown = {
        locale: {key: words for key, words in catalogue(locale).items() if not key.startswith(_TERMINAL)}
        for locale in LOCALES
    }
    texts = json.dumps(shown, ensure_ascii=False, sort_keys=True)
    runtime = (Path(__file__).parent / "runtime.js").read_text(encoding="utf-8")
    return PATH, f"const catalogues = {texts};\n{runtime}"
