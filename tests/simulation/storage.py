"""What is stored, read past the product: plain queries on a connection of the test's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from renum_app.models.approval import Approval
from renum_app.models.event import Event, EventKind, StoredEvent
from renum_app.models.execution import Execution
from renum_app.models.execution_log import LOGS
from renum_app.models.step import Step


class Storage:
    def __init__(self, url: str) -> None:
        self._engine = create_engine(url.replace("+aiosqlite", "")).execution_options(past_the_product=True)

    def last_seqs(self) -> dict[UUID, int]:
        """Of every execution there is."""
        with Session(self._engine) as session:
            return dict(session.execute(select(col(Execution.execution_id), col(Execution.last_seq))).all())

    def execution(self, execution_id: UUID) -> Execution:
        with Session(self._engine, expire_on_commit=False) as session:
            return session.execute(select(Execution).where(col(Execution.execution_id) == execution_id)).scalar_one()

    def steps(self, execution_id: UUID) -> dict[str, Step]:
        with Session(self._engine, expire_on_commit=False) as session:
            found = session.execute(select(Step).where(col(Step.execution_id) == execution_id)).scalars()
            return {step.step_id: step for step in found}

    def log_lines(self, execution_id: UUID) -> list[tuple[int, str]]:
        with Session(self._engine) as session:
            statement = select(LOGS.c.seq, LOGS.c.message).where(LOGS.c.execution_id == execution_id)
            return [(seq, message) for seq, message in session.execute(statement.order_by(LOGS.c.seq))]

    def events(self, execution_id: UUID, *, after: int = 0) -> list[StoredEvent]:
        with Session(self._engine) as session:
            statement = select(col(Event.seq), col(Event.kind), col(Event.timestamp), col(Event.data))
            wanted = statement.where(col(Event.execution_id) == execution_id, col(Event.seq) > after)
            return list(_read(execution_id, session.execute(wanted.order_by(col(Event.seq)))))

    def approvals(self, execution_id: UUID) -> dict[UUID, Approval]:
        with Session(self._engine, expire_on_commit=False) as session:
            found = session.execute(select(Approval).where(col(Approval.execution_id) == execution_id)).scalars()
            return {approval.approval_id: approval for approval in found}

    def close(self) -> None:
        self._engine.dispose()


def _read(execution_id: UUID, rows: Iterable[Any]) -> Iterable[StoredEvent]:
    for seq, kind, timestamp, data in rows:
        yield StoredEvent(execution_id=execution_id, seq=seq, kind=EventKind(kind), timestamp=timestamp, data=data)
