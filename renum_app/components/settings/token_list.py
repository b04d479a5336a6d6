"""The API tokens there are: what each may do, when it ends, when it was used."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import tag, tone_badge
from renum_app.components.button import button
from renum_app.components.card import card, card_head
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import empty, failed
from renum_app.components.figures import ago
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.api_tokens import ApiTokens, TokenRow

_REVOKE = "revoke-token"


def token_list() -> rx.Component:
    rows = rx.cond(
        ApiTokens.rows.length() > 0,
        rx.el.div(rx.foreach(ApiTokens.rows, _row), class_name="rows"),
        empty(t("tokens.none"), t("tokens.none_text")),
    )
    known = rx.cond(ApiTokens.failure.key != "", failed(ApiTokens.failure, on_retry=ApiTokens.load), rows)
    return rx.fragment(
        card(card_head(t("tokens.yours")), rx.cond(ApiTokens.is_loaded, known, skeleton_rows(2))),
        confirm(
            _REVOKE,
            t("tokens.revoke_title", name=ApiTokens.revoking_name),
            t("tokens.revoke_text"),
            action=t("tokens.revoke"),
            on_confirm=ApiTokens.revoke,
        ),
    )


def _row(row: rx.Var[TokenRow]) -> rx.Component:
    return rx.el.div(
        rx.el.div(_name(row), _scopes(row), _facts(row), class_name="flex-1 min-w-0 flex flex-col gap-1.5"),
        button(
            t("tokens.revoke"),
            size="small",
            aria_label=t("tokens.revoke_name", name=row.name),
            on_click=ApiTokens.ask_revocation(row.token_id),
            custom_attrs=opens(_REVOKE),
        ),
        key=row.token_id,
        class_name="row gap-3!",
    )


def _name(row: rx.Var[TokenRow]) -> rx.Component:
    ended = rx.cond(row.is_expired, tone_badge("failed", t("tokens.expired")))
    return rx.el.div(
        rx.el.span(row.name, class_name="font-semibold truncate"),
        tag(f"rnm_pat_…{row.hint}", class_name="mono"),
        ended,
        class_name="flex flex-wrap items-center gap-2 min-w-0",
    )


def _scopes(row: rx.Var[TokenRow]) -> rx.Component:
    return rx.el.div(
        rx.foreach(row.scopes, lambda scope: tag(scope, class_name="mono")), class_name="flex flex-wrap gap-1"
    )


def _facts(row: rx.Var[TokenRow]) -> rx.Component:
    ends = rx.cond(row.is_expired, t("tokens.ended"), t("tokens.ends"))
    used = rx.cond(row.used_at != "", rx.fragment(t("tokens.used"), " ", ago(row.used_at)), t("tokens.never_used"))
    return rx.el.p(ends, " ", ago(row.expires_at), " · ", used, class_name="text-[13px] text-muted")
