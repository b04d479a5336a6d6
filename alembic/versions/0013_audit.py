"""The audit log, which the database itself keeps from being changed

Revision: 0013, after 0012
"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFUSE = """
CREATE FUNCTION renum_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$ BEGIN RAISE EXCEPTION 'renum_audit is append-only'; END $$
"""


def upgrade() -> None:
    op.create_table(
        "renum_audit",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("row_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_renum_audit_actor_id", "renum_audit", ["actor_id"])
    op.create_table(
        "renum_audit_head",
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE)
        _guard("renum_audit_rows_stay", "UPDATE OR DELETE", "FOR EACH ROW")
        _guard("renum_audit_stays", "TRUNCATE", "FOR EACH STATEMENT")
    else:
        for word in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER renum_audit_no_{word.lower()} BEFORE {word} ON renum_audit "
                "BEGIN SELECT RAISE(ABORT, 'renum_audit is append-only'); END"
            )


def _guard(name: str, events: str, each: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {events} ON renum_audit {each} EXECUTE FUNCTION renum_audit_is_append_only()"
    )


def downgrade() -> None:
    op.drop_table("renum_audit_head")
    op.drop_table("renum_audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION renum_audit_is_append_only()")
