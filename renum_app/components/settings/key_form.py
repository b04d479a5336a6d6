"""The form of a key: whose it is, the key, and the address of a server of one's own."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.input import field, option, password_input, select, text_input
from renum_app.components.text import say, t
from renum_app.state.credentials import OWN_SERVER, PROVIDERS, Credentials

_PROBLEMS = Credentials.problems
_FIRST = ("openai", "anthropic", "google")
_NAMES = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google": "Google",
    "openrouter": "OpenRouter",
    "openai-chat": "OpenAI (chat)",
    "openai-responses": "OpenAI (responses)",
    "suna": "Suna",
}


def key_form() -> rx.Component:
    return card(
        card_head(t("settings.add_key")),
        card_body(
            rx.el.form(
                rx.cond(_PROBLEMS.contains(""), notice("error", say(_PROBLEMS[""]))),
                _provider(),
                rx.el.div(_service(), _base_url(), class_name="only-own grid gap-4 sm:grid-cols-2"),
                _key(),
                rx.el.div(
                    button(t("settings.save_and_test"), type="submit", variant="primary"), class_name="flex justify-end"
                ),
                on_submit=Credentials.save,
                reset_on_submit=False,
                no_validate=True,
                key=Credentials.saves,
                class_name="key-form flex flex-col gap-4",
            )
        ),
    )


def _provider() -> rx.Component:
    ordered = [*_FIRST, *(each for each in PROVIDERS if each not in _FIRST)]
    choices = [option(_NAMES.get(each, each.capitalize()), each) for each in ordered]
    control = select("choice", *choices, option(t("settings.own_server"), OWN_SERVER), class_name="input")
    return field(control, name="choice", label=t("settings.provider"))


def _service() -> rx.Component:
    control = text_input(
        "service_name", problems=_PROBLEMS, placeholder="ollama", auto_complete="off", max_length=64, class_name="input"
    )
    return field(
        control, name="service_name", label=t("settings.service"), hint=t("settings.service_hint"), problems=_PROBLEMS
    )


def _base_url() -> rx.Component:
    control = text_input(
        "base_url",
        type="url",
        problems=_PROBLEMS,
        placeholder="http://localhost:11434/v1",
        auto_complete="off",
        class_name="input",
    )
    return field(
        control, name="base_url", label=t("settings.base_url"), hint=t("settings.base_url_hint"), problems=_PROBLEMS
    )


def _key() -> rx.Component:
    control = password_input("api_key", problems=_PROBLEMS, auto_complete="off", spell_check=False, max_length=4096)
    return field(control, name="api_key", label=t("settings.key"), hint=t("settings.key_hint"), problems=_PROBLEMS)
