"""Supabase Auth as the identity provider: accounts, passwords and e-mails are the project's, sessions stay Renum's."""

from renum_app.auth.supabase.provider import SupabaseAuth

__all__ = ["SupabaseAuth"]
