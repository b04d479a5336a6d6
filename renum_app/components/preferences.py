"""Language, theme and density: changed in place without asking the server, which keeps them (`follow`)."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.style import color_mode, resolved_color_mode, set_color_mode
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from renum_app.components.button import icon_button
from renum_app.components.icons import icon
from renum_app.components.input import segment, segmented
from renum_app.components.text import t
from renum_app.i18n.script import LIBRARY


def language_switch() -> rx.Component:
    """Both languages by their own names."""
    return segmented(
        segment("Português", chosen=_language() == "pt-BR", on_click=_calls("setLang", "pt-BR"), lang="pt-BR"),
        segment("English", chosen=_language() == "en", on_click=_calls("setLang", "en"), lang="en"),
        label=t("settings.language"),
    )


def theme_switch() -> rx.Component:
    """Light, dark, or as the system says."""
    return segmented(
        *(
            segment(
                rx.el.span(icon(mode, size=14), t(f"theme.{mode}"), class_name="inline-flex items-center gap-1.5"),
                chosen=color_mode == mode,
                on_click=set_color_mode(mode),
            )
            for mode in ("light", "dark", "system")
        ),
        label=t("settings.theme"),
    )


def density_switch() -> rx.Component:
    """How close the rows of lists lie."""
    density = _reads("useDensity", "density_")
    return segmented(
        *(
            segment(t(f"density.{each}"), chosen=density == each, on_click=_calls("setDensity", each))
            for each in ("comfortable", "compact")
        ),
        label=t("settings.density"),
    )


def quick_switches() -> rx.Component:
    """Language and theme as two small buttons, for the top of every page."""
    other = rx.cond(_language() == "en", "PT", "EN")
    language = rx.el.button(
        other,
        type="button",
        on_click=rx.cond(_language() == "en", _calls("setLang", "pt-BR"), _calls("setLang", "en")),
        aria_label=t("shell.other_language"),
        title=t("shell.other_language"),
        class_name="btn btn-quiet btn-small btn-icon text-xs!",
    )
    theme = rx.cond(
        resolved_color_mode == "dark",
        icon_button("light", t("shell.to_light"), size="small", on_click=set_color_mode("light")),
        icon_button("dark", t("shell.to_dark"), size="small", on_click=set_color_mode("dark")),
    )
    return rx.el.div(language, theme, class_name="flex items-center gap-1")


def _language() -> rx.Var[str]:
    return _reads("useLang", "lang_")


def _reads(hook: str, name: str) -> rx.Var[str]:
    data = VarData(imports={LIBRARY: [ImportVar(tag=hook)]}, hooks={f"const {name} = {hook}()": None})
    return rx.Var(name, _var_type=str, _var_data=data).to(str)


def _calls(function: str, argument: str) -> Any:
    data = VarData(imports={LIBRARY: [ImportVar(tag=function)]})
    return rx.run_script(rx.Var(f"{function}({argument!r})", _var_data=data))
