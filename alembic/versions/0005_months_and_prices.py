"""An index for month sums, and model prices of one's own

Revision: 0005, after 0003
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_renum_team_executions_user_completed", "renum_team_executions", ["user_id", "completed_at"])
    op.create_table(
        "renum_model_prices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("input_usd_per_million", sa.Float(), nullable=False),
        sa.Column("output_usd_per_million", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["renum_users.user_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "model"),
    )


def downgrade() -> None:
    op.drop_table("renum_model_prices")
    op.drop_index("ix_renum_team_executions_user_completed", "renum_team_executions")
