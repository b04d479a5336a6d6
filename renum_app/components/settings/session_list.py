"""Where the person is signed in: device, address, last use; and the end of each, or of all others."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import tag
from renum_app.components.button import button
from renum_app.components.card import card, card_head
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import failed
from renum_app.components.figures import ago
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t, word
from renum_app.state.session import Session
from renum_app.state.sign_ins import SignIn, SignIns

_END_OTHERS = "end-others"


def session_list() -> rx.Component:
    end_others = button(t("account.end_others"), size="small", custom_attrs=opens(_END_OTHERS))
    may_end = (SignIns.others > 0) & ~Session.is_demo
    rows = rx.fragment(
        rx.el.div(rx.foreach(SignIns.rows, _row), class_name="rows"),
        rx.el.p(t("account.sessions_text"), class_name="field-hint px-4 py-3 border-t border-line"),
    )
    known = rx.cond(SignIns.failure.key != "", failed(SignIns.failure, on_retry=SignIns.load), rows)
    return rx.fragment(
        card(
            card_head(t("account.sessions"), rx.cond(may_end, end_others)),
            rx.cond(SignIns.is_loaded, known, skeleton_rows(2)),
        ),
        confirm(
            _END_OTHERS,
            t("account.end_others_title"),
            t("account.end_others_text"),
            action=t("account.end_others"),
            on_confirm=SignIns.end_others,
        ),
    )


def _row(row: rx.Var[SignIn]) -> rx.Component:
    device = rx.cond(row.device != "", row.device, t("account.unknown_device"))
    end = button(
        t("account.end_session"),
        size="small",
        aria_label=t("account.end_session_name", device=device),
        on_click=SignIns.end(row.session_id),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.span(device, class_name="font-semibold truncate"),
                tag(word("account.kind", row.kind)),
                class_name="flex items-center gap-2 min-w-0",
            ),
            rx.el.p(
                rx.cond(row.ip != "", rx.fragment(rx.el.span(row.ip, class_name="mono"), " · ")),
                t("account.last_seen"),
                " ",
                ago(row.last_seen),
                class_name="text-[13px] text-muted wrap-anywhere",
            ),
            class_name="flex-1 min-w-0 flex flex-col gap-1",
        ),
        rx.cond(row.is_current, rx.el.span(t("account.this_session"), class_name="text-muted text-[13px]"), end),
        key=row.session_id,
        class_name="row gap-2!",
    )
