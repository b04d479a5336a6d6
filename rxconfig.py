"""How Reflex builds and serves the pages; everything a person may set is in `renum_app/settings.py`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

# bun comes from PyPI into this environment, so that neither Node nor bun need be on the machine.
os.environ.setdefault("REFLEX_USE_SYSTEM_BUN", "1")
os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")

import reflex as rx
from reflex.constants import StateManagerMode
from reflex.plugins import Plugin, RadixThemesPlugin, SitemapPlugin, TailwindV4Plugin

from renum_app.i18n.script import script
from renum_app.settings import Settings


class Catalogues(Plugin):
    """Writes the texts of all languages into the front end before it is built."""

    def pre_compile(self, **context: Any) -> None:
        context["add_save_task"](script)


settings = Settings()

# Token names, so that `text-muted` and `bg-card` mean the tokens in assets/styles/tokens.css.
COLOURS = [
    "page",
    "side",
    "card",
    "inset",
    "hover",
    "raised",
    "line",
    "line-strong",
    "ink",
    "muted",
    "heading",
    "navy",
    "on-navy",
    "petrol",
    "petrol-soft",
    "live",
    "live-ink",
    "running",
    "running-soft",
    "completed",
    "completed-soft",
    "waiting",
    "waiting-soft",
    "failed",
    "failed-soft",
    "stopped",
    "stopped-soft",
]

config = rx.Config(
    app_name="renum_app",
    frontend_port=settings.port,
    backend_port=settings.port,
    backend_host=settings.host,
    api_url=f"http://localhost:{settings.port}",
    deploy_url=f"http://localhost:{settings.port}",
    cors_allowed_origins=settings.origins,
    state_manager_mode=StateManagerMode.MEMORY,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    default_color_mode="system",
    plugins=[
        TailwindV4Plugin(
            config={
                "theme": {
                    "extend": {
                        "colors": {name: f"var(--{name})" for name in COLOURS},
                        "fontFamily": {"sans": ["var(--sans)"], "mono": ["var(--mono)"]},
                        "borderRadius": {"control": "var(--radius)", "card": "var(--radius-card)"},
                    }
                }
            }
        ),
        Catalogues(),
    ],
    disable_plugins=[SitemapPlugin, RadixThemesPlugin],
)
