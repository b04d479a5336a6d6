"""The frame of the pages before the sign-in: the playing score on one side, the door on the other."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.address import query, seconds_left
from renum_app.components.badge import notice
from renum_app.components.button import button
from renum_app.components.icons import mark
from renum_app.components.input import NativeForm
from renum_app.components.preferences import quick_switches
from renum_app.components.score_art import score_art
from renum_app.components.text import spoken, t


def gate(title: Any, *children: Any) -> rx.Component:
    """A page that anyone may see."""
    return rx.el.div(
        _stage(),
        rx.el.div(_bar(), rx.el.main(_head(title), *children, class_name="gate-form"), class_name="gate-door"),
        class_name="gate",
    )


def sign_in_form(*fields: rx.Component, action: str, submit: Any) -> rx.Component:
    """A form that the browser sends itself, so that it works before the app has started."""
    return NativeForm.create(
        *fields,
        _carried("next"),
        _carried("token"),
        button(
            submit,
            type="submit",
            variant="primary",
            size="large",
            class_name="w-full",
            disabled=seconds_left("wait") > 0,
        ),
        action=action,
        method="post",
        class_name="flex flex-col gap-4",
    )


def demo_form() -> rx.Component:
    """The way in without an account."""
    enter = button(t("login.demo"), type="submit", icon="run", size="large", class_name="w-full")
    note = rx.el.p(t("login.demo_note"), class_name="field-hint text-center mt-2")
    return NativeForm.create(_carried("next"), enter, note, action="/auth/demo", method="post")


def gate_error() -> rx.Component:
    """Why the last attempt did not let the person in, by the address's `error`."""
    code = query("error")
    sentence = spoken("translate", rx.Var.create(f"errors.{code}"), rx.Var.create({}), t("login.failed"))
    left = seconds_left("wait")
    wait = rx.cond(left > 0, rx.el.p(t("login.wait", n=left), class_name="tabular-nums", role="timer"))
    unconfirmed = rx.cond(code == "email_not_confirmed", confirm_again_form())
    return rx.cond(code != "", notice("error", sentence, wait, unconfirmed))


def gate_notice() -> rx.Component:
    """What has been done and what comes next, by the address's `notice`."""
    code = query("notice")
    sent = notice("info", rx.el.p(t("login.confirm_sent")), confirm_again_form())
    sentence = spoken("translate", rx.Var.create(f"login.notice.{code}"), rx.Var.create({}), rx.Var.create(""))
    return rx.cond(code == "confirm_email", sent, rx.cond(code != "", notice("success", sentence)))


def confirm_again_form() -> rx.Component:
    """Have the e-mail that confirms an address sent again."""
    address = rx.el.input(
        name="email",
        type="email",
        required=True,
        auto_complete="username",
        aria_label=t("login.email"),
        placeholder=t("login.email"),
        class_name="input input-small flex-1 min-w-40",
    )
    again = button(t("login.confirm_again"), type="submit", size="small", disabled=seconds_left("wait") > 0)
    return NativeForm.create(
        address,
        _carried("next"),
        again,
        action="/auth/confirm-again",
        method="post",
        class_name="flex flex-wrap gap-2 mt-2",
    )


def way_back() -> rx.Component:
    """To the sign-in."""
    return rx.el.p(rx.el.a(t("login.back"), href="/login", class_name="link"), class_name="text-center")


def _carried(name: str) -> rx.Component:
    """What the page's own address knows, filled in by boot.js when the form is sent."""
    return rx.el.input(type="hidden", name=name, custom_attrs={f"data-{name}": ""})


def _head(title: Any) -> rx.Component:
    return rx.el.div(mark(30), rx.el.h1(title, class_name="text-[26px]! leading-8! mt-4"), class_name="mb-1")


def _bar() -> rx.Component:
    return rx.el.div(quick_switches(), class_name="flex justify-end")


def _stage() -> rx.Component:
    brand = rx.el.div(
        mark(24), rx.el.span("Renum"), class_name="flex items-center gap-3 text-lg font-semibold text-white"
    )
    words = rx.el.div(
        rx.el.h2(t("login.promise")),
        rx.el.p(t("login.promise_text"), class_name="mt-4 max-w-[52ch] text-[15px] leading-6 text-[#b9c7d6]"),
    )
    return rx.el.aside(brand, rx.el.div(score_art(), class_name="my-auto"), words, class_name="gate-stage")
