"""Log lines are a view of the events, which say the same: each was stored twice

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = "execution_id, seq, timestamp, level, agent_id, message, details"
_VIEW = {
    "sqlite": """
        SELECT execution_id, seq, timestamp, json_extract(data, '$.level') AS level,
               json_extract(data, '$.agent_id') AS agent_id, json_extract(data, '$.message') AS message,
               coalesce(json_extract(data, '$.details'), '{}') AS details
        FROM renum_execution_events WHERE json_extract(data, '$.level') IS NOT NULL
    """,
    "postgresql": """
        SELECT execution_id, seq, timestamp, data ->> 'level' AS level, data ->> 'agent_id' AS agent_id,
               data ->> 'message' AS message, coalesce(data -> 'details', '{}') AS details
        FROM renum_execution_events WHERE data ->> 'level' IS NOT NULL
    """,
}
_RANDOM_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def upgrade() -> None:
    op.drop_table("renum_execution_logs")
    op.execute(f"CREATE VIEW renum_execution_logs AS {_VIEW[op.get_context().dialect.name]}")


def downgrade() -> None:
    op.execute("DROP VIEW renum_execution_logs")
    op.create_table(
        "renum_execution_logs",
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["execution_id"], ["renum_team_executions.execution_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("log_id"),
    )
    op.create_index("ix_renum_execution_logs_execution_seq", "renum_execution_logs", ["execution_id", "seq"])
    dialect = op.get_context().dialect.name
    op.execute(
        f"INSERT INTO renum_execution_logs (log_id, {_COLUMNS}) "  # noqa: S608 (our names)
        f"SELECT {_RANDOM_ID[dialect]}, {_COLUMNS} FROM ({_VIEW[dialect]}) AS lines"
    )
