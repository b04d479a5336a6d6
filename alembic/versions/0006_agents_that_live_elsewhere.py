"""Agents that live at a backend of their own: their name there, and when they were last seen

Revision: 0006, after 0005
"""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("renum_agents", sa.Column("remote_id", sa.String(), nullable=False, server_default=""))
    op.add_column("renum_agents", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("renum_agents", sa.Column("is_missing", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in ("is_missing", "last_seen_at", "remote_id"):
        op.drop_column("renum_agents", column)
