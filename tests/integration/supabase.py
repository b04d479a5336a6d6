"""What the tests of sign-in with Supabase share: the settings, and a runtime that uses the project."""

from __future__ import annotations

from typing import Any

from renum_app import runtime
from renum_app.auth.supabase import SupabaseAuth
from renum_app.settings import Settings
from tests.doubles.gotrue_server import PUBLISHABLE, SECRET, GoTrueServer

EMAIL, PASSWORD = "ana@example.com", "quiet river under stone"


def project_settings(settings: Settings, server: GoTrueServer, **changes: Any) -> Settings:
    """The settings of an installation whose people the double signs in."""
    given = {"supabase_url": server.url, "supabase_publishable_key": PUBLISHABLE, "supabase_secret_key": SECRET}
    return settings.model_copy(update={**given, **changes})


def use_project(settings: Settings) -> SupabaseAuth:
    """Let the running installation use the project of these settings."""
    live = runtime.current()
    live.settings, live.supabase = settings, SupabaseAuth(settings)
    return live.supabase
