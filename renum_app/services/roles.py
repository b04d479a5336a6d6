"""What somebody may do now."""

from __future__ import annotations

from renum_app import runtime
from renum_app.models.user import User, UserRole


def role_of(user: User) -> UserRole:
    """The person's role; an administrator without the second step that this server asks for is none yet."""
    if runtime.current().settings.require_admin_two_steps and not user.has_two_steps:
        return UserRole.USER
    return UserRole(user.role)
