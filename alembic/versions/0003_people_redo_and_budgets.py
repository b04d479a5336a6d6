"""Approvals, parking, redo and monthly budgets

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "renum_approvals",
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_deadline", sa.String(), nullable=False),
        sa.Column("edited_text", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["execution_id"], ["renum_team_executions.execution_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["renum_users.user_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("approval_id"),
    )
    op.create_index("ix_renum_approvals_execution_id", "renum_approvals", ["execution_id"])
    op.create_index("ix_renum_approvals_user_status", "renum_approvals", ["user_id", "status"])
    with op.batch_alter_table("renum_team_executions") as table:
        table.add_column(sa.Column("redo", Json, nullable=True))
        table.add_column(sa.Column("parked", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_renum_team_executions_wake_at", ["wake_at"])
        table.create_index("ix_renum_team_executions_parent", ["parent_execution_id"])
    with op.batch_alter_table("renum_execution_steps") as table:
        table.add_column(sa.Column("reserved_usd", sa.Float(), nullable=False, server_default="0"))
        table.add_column(sa.Column("held_usd", sa.Float(), nullable=False, server_default="0"))
    with op.batch_alter_table("renum_users") as table:
        table.add_column(sa.Column("monthly_budget_usd", sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("renum_users") as table:
        table.drop_column("monthly_budget_usd")
    with op.batch_alter_table("renum_execution_steps") as table:
        table.drop_column("held_usd")
        table.drop_column("reserved_usd")
    with op.batch_alter_table("renum_team_executions") as table:
        table.drop_index("ix_renum_team_executions_parent")
        table.drop_index("ix_renum_team_executions_wake_at")
        table.drop_column("wake_at")
        table.drop_column("parked")
        table.drop_column("redo")
    op.drop_table("renum_approvals")
