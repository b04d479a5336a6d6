"""/approvals: every decision that waits for the person."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card
from renum_app.components.empty import empty, failed
from renum_app.components.execution.inbox import ApprovalInbox
from renum_app.components.page import page
from renum_app.components.pulse import pulse
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import bone
from renum_app.components.text import t
from renum_app.state.approvals import Approvals

_EVERY_MS = 3_000


@page("/approvals", "approvals.title", Approvals.load)
def approvals() -> rx.Component:
    return shell(
        page_head(t("approvals.title"), sub=t("approvals.sub")),
        rx.cond(Approvals.is_loaded, _known(), _skeleton()),
        pulse(_EVERY_MS, Approvals.refresh),
        current="approvals",
        title=t("approvals.title"),
    )


def _known() -> rx.Component:
    inbox = ApprovalInbox.create(rows=Approvals.rows, refusals=Approvals.refusals, on_decide=Approvals.decide)
    return rx.cond(
        Approvals.failure.key != "",
        card(failed(Approvals.failure, on_retry=Approvals.load)),
        rx.fragment(inbox, rx.cond(Approvals.rows.length() == 0, card(_nothing()))),
    )


def _nothing() -> rx.Component:
    return empty(t("approvals.empty_title"), t("approvals.empty_text"))


def _skeleton() -> rx.Component:
    return rx.el.div(bone("100%", "236px"), bone("100%", "236px"), aria_hidden="true", class_name="grid gap-3")
