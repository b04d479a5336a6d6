"""A person's data: taken along, and deleted with the account."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.input import NativeForm, field, password_input, text_input
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.own_data import OwnData
from renum_app.state.session import Session

_KINDS = ("teams", "executions", "agents", "credentials", "api_tokens", "running")


def export_card() -> rx.Component:
    # A form, because a link to an address of ours would be taken for a page.
    send = button(t("account.download"), type="submit", icon="download")
    download = NativeForm.create(send, action="/auth/export", method="get")
    words = rx.el.p(t("account.export_text"), class_name="text-muted flex-1 basis-[320px]")
    row = rx.el.div(words, download, class_name="flex flex-wrap items-center justify-between gap-x-6 gap-y-3")
    return card(card_head(t("account.export")), card_body(row))


def deletion_card() -> rx.Component:
    known = rx.cond(Session.is_demo, rx.el.p(t("account.demo_text"), class_name="text-muted"), _deletion())
    return card(card_head(t("account.delete")), card_body(rx.cond(OwnData.is_loaded, known, skeleton_rows(2))))


def _deletion() -> rx.Component:
    email = text_input("email", auto_complete="off", spell_check=False, required=True, class_name="input")
    password = password_input("password", auto_complete="current-password")
    return NativeForm.create(
        rx.el.p(t("account.delete_text")),
        rx.el.ul(*(_count(kind) for kind in _KINDS), class_name="list-disc pl-5 flex flex-col gap-1 text-muted"),
        rx.el.div(
            field(email, name="email", label=t("account.type_email", email=Session.email)),
            rx.cond(OwnData.has_password, field(password, name="password", label=t("account.password_again"))),
            class_name="grid gap-4 items-end sm:grid-cols-2",
        ),
        rx.el.div(button(t("account.delete_now"), type="submit", variant="danger"), class_name="flex justify-end"),
        action="/auth/delete",
        method="post",
        class_name="flex flex-col gap-4",
    )


def _count(kind: str) -> rx.Component:
    return rx.cond(OwnData.counts.contains(kind), rx.el.li(t(f"account.count.{kind}", n=OwnData.counts[kind])))
