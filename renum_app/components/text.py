"""Words on a page, in the language of whoever looks: Vars that a language switch changes in place."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from renum_app import i18n
from renum_app.i18n.script import LIBRARY
from renum_app.state.sentence import Sentence

NOW = "const now_ = useNow()"
"""The hook behind `now_`, the time in milliseconds that grows on screen."""


def t(key: str, **params: Any) -> rx.Var[str]:
    """The text of a key; `n` chooses the plural form.

    Raises:
        KeyError: At build time, when a language lacks the key.
    """
    return spoken("translate", rx.Var.create(i18n.require(key)), rx.Var.create(params))


def word(prefix: str, value: rx.Var[str] | str) -> rx.Var[str]:
    """The word for one of a closed set, `word("status", row.status)` for `status.running` and its like."""
    return spoken("translate", rx.Var.create(f"{prefix}.{value}"), rx.Var.create({}), rx.Var.create("—"))


def say(sentence: rx.Var[Sentence]) -> rx.Var[str]:
    """A sentence that a State holds as key and parameters; an empty one is the empty text."""
    kept = rx.Var.create(sentence)
    return spoken("translate", kept["key"], kept["params"], kept["fallback"])  # pyright: ignore[reportIndexIssue]


def spoken(function: str, *arguments: rx.Var[Any], hooks: tuple[str, ...] = ()) -> rx.Var[str]:
    """A call of one function of the i18n script, whose first argument is the language."""
    names = [function, "useLang", *(hook.split("= ")[1].split("(")[0] for hook in hooks)]
    own = VarData(
        imports={LIBRARY: [ImportVar(tag=name) for name in names]},
        hooks=dict.fromkeys(("const lang_ = useLang()", *hooks)),
    )
    data = VarData.merge(own, *(argument._get_all_var_data() for argument in arguments))  # noqa: SLF001 (Reflex has no public name for it)
    written = ", ".join(str(argument) for argument in arguments)
    return rx.Var(f"{function}(lang_, {written})", _var_type=str, _var_data=data).to(str)


def page_title(key: str) -> rx.Var[str]:
    """The title of a browser tab."""
    return rx.Var.create(f"{t(key)} · Renum")
