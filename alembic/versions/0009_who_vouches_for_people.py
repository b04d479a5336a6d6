"""Who vouches for people, and what a provider elsewhere gave for a session

Revision: 0009, after 0008
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SESSION_COLUMNS = ("provider_tokens", "provider_expires", "provider_leased_until")


def upgrade() -> None:
    for table in ("renum_users", "renum_sessions"):
        op.add_column(table, sa.Column("provider", sa.String(), nullable=False, server_default="local"))
    op.add_column("renum_sessions", sa.Column("provider_tokens", sa.String(), nullable=True))
    op.add_column("renum_sessions", sa.Column("provider_expires", sa.DateTime(timezone=True), nullable=True))
    op.add_column("renum_sessions", sa.Column("provider_leased_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in (*_SESSION_COLUMNS, "provider"):
        op.drop_column("renum_sessions", column)
    op.drop_column("renum_users", "provider")
