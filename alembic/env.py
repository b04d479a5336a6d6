"""How migrations run: on the connection `renum_app.migrations` hands over, or on the settings' database."""

from typing import Any

from sqlalchemy.engine import Connection

from alembic import context
from renum_app import migrations
from renum_app.models.values import JsonColumn, UtcDateTime
from renum_app.settings import get_settings


def render(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Plain types in migrations: they must not change when the models' own types do."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if item is JsonColumn or type(item).__name__ == "JSON":
        return "Json"
    return "sa.String()" if type(item).__name__ == "AutoString" else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=migrations.metadata(),
        render_item=render,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrations.connection(get_settings().database) as opened:
        run(opened)
