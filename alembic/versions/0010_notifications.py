"""Notifications: what happened to a person's executions, told once

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "renum_notifications",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("params", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["execution_id"], ["renum_team_executions.execution_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["renum_users.user_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notification_id"),
        sa.UniqueConstraint("user_id", "once", name="uq_renum_notifications_once"),
    )
    op.create_index("ix_renum_notifications_execution_id", "renum_notifications", ["execution_id"])
    op.create_index("ix_renum_notifications_user_created", "renum_notifications", ["user_id", "created_at"])


def downgrade() -> None:
    op.drop_table("renum_notifications")
