"""/admin: how the server does, and the brake."""

from __future__ import annotations

import reflex as rx

from renum_app.components.admin.frame import admin as frame
from renum_app.components.admin.health import brake, dependencies, figures
from renum_app.components.card import card
from renum_app.components.empty import failed
from renum_app.components.page import page
from renum_app.components.pulse import pulse
from renum_app.components.skeleton import skeleton_rows
from renum_app.state.admin_health import AdminHealth

_LOOK_EVERY_MS = 10_000


@page("/admin", "admin.title", AdminHealth.load)
def admin() -> rx.Component:
    known = rx.fragment(figures(), brake(), dependencies(), pulse(_LOOK_EVERY_MS, AdminHealth.load))
    broken = card(failed(AdminHealth.failure, on_retry=AdminHealth.load))
    shown = rx.cond(AdminHealth.failure.key != "", broken, known)
    return frame(rx.cond(AdminHealth.is_loaded, shown, card(skeleton_rows(5))), section="health")
