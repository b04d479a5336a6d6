"""The versions of a team: what each changed, any two compared, an old one restored."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice, tag
from renum_app.components.button import button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.figures import ago
from renum_app.components.input import option
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import say, t
from renum_app.state.team_changes import Change
from renum_app.state.team_versions import TeamVersions, VersionRow


def team_versions() -> rx.Component:
    known = rx.fragment(
        rx.cond(TeamVersions.refusal.key != "", notice("error", say(TeamVersions.refusal))),
        rx.cond(TeamVersions.rows.length() > 1, _compare()),
        card(
            card_head(t("teams.versions"), note=t("teams.versions_note")),
            rx.el.ul(rx.foreach(TeamVersions.rows, _version), class_name="rows"),
        ),
    )
    return rx.cond(TeamVersions.shown_id != "", known, card(skeleton_rows(3)))


def _compare() -> rx.Component:
    nothing = rx.cond(
        (TeamVersions.before != "") & (TeamVersions.after != ""),
        rx.el.p(t("teams.no_difference"), class_name="text-muted"),
    )
    return card(
        card_head(t("teams.compare")),
        card_body(
            rx.el.div(
                _choice("before", TeamVersions.before, t("teams.compare_from")),
                rx.el.span("→", aria_hidden="true", class_name="text-muted"),
                _choice("after", TeamVersions.after, t("teams.compare_to")),
                class_name="flex flex-wrap items-center gap-3",
            ),
            rx.el.div(
                rx.cond(TeamVersions.compared.length() > 0, changes_list(TeamVersions.compared), nothing),
                aria_live="polite",
            ),
            class_name="flex flex-col gap-3",
        ),
    )


def _choice(which: str, value: rx.Var[str], label: rx.Var[str]) -> rx.Component:
    def each(row: rx.Var[VersionRow]) -> rx.Component:
        return option(t("teams.version", version=row.version), row.version.to_string(), key=row.version)

    return rx.el.select(
        option("—", ""),
        rx.foreach(TeamVersions.rows, each),
        value=value,
        on_change=TeamVersions.compare(which),
        aria_label=label,
        class_name="input input-small w-auto!",
    )


def _version(row: rx.Var[VersionRow]) -> rx.Component:
    what = rx.cond(
        row.changes.length() > 0,
        changes_list(row.changes),
        rx.el.span(
            rx.cond(row.is_first, t("teams.created"), t("teams.no_difference")), class_name="text-[13px] text-muted"
        ),
    )
    restore = button(
        t("teams.restore"),
        size="small",
        aria_label=t("teams.restore_version", version=row.version),
        on_click=TeamVersions.restore(row.version),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(t("teams.version", version=row.version), class_name="font-semibold"),
            ago(row.saved_at, "text-xs text-muted"),
            class_name="flex flex-col w-28 flex-none",
        ),
        rx.el.div(what, class_name="flex-1 min-w-56"),
        rx.cond(row.is_current, tag(t("teams.current")), restore),
        key=row.version,
        class_name="version",
    )


def changes_list(shown: rx.Var[list[Change]]) -> rx.Component:
    """What differs, a line for each field."""
    return rx.el.ul(rx.foreach(shown, _change), class_name="version-changes")


def _change(change: rx.Var[Change], place: rx.Var[int]) -> rx.Component:
    def moved(sign: str, kind: str) -> rx.Component:
        return rx.fragment(
            rx.el.span(sign, class_name="change-sign", custom_attrs={"data-tone": kind}, aria_hidden="true"),
            t(f"teams.change.{kind}", name=change.who),
        )

    told = rx.fragment(
        rx.el.span(rx.cond(change.who != "", f"{change.who} · ", ""), say(change.field), ":", class_name="text-muted"),
        rx.el.del_(say(change.before)),
        rx.el.span("→", class_name="text-muted"),
        rx.el.ins(say(change.after)),
    )
    return rx.el.li(
        rx.match(change.kind, ("added", moved("+", "added")), ("removed", moved("−", "removed")), told),
        key=place,
        class_name="change",
    )
