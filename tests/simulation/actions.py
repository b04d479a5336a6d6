"""What can happen: what people do, and here what agents, servers and the database do; with how often it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from uuid import UUID

from sqlalchemy.exc import OperationalError

from renum_app.agents.backend import (
    AgentFailed,
    BackendUnreachable,
    BadStream,
    CredentialMissing,
    RateLimited,
    RunStarted,
    TextDelta,
)
from renum_app.engine import dispatch
from renum_app.engine.execution import ExecutionEngine
from renum_app.models.agent import Backend
from renum_app.repositories.commits import NotStored
from tests.simulation.agents import BrokenBackend, finish
from tests.simulation.loop import Trouble
from tests.simulation.people import decide, execution, fork, one, resume, retry, stop, submit
from tests.simulation.teams import WORDS
from tests.simulation.world import World

Act = Callable[[World, Random], None]

_MAX_SERVERS = 2


def done(world: World, chance: Random) -> None:
    """An agent answers."""
    if run := one(chance, world.upstream.open_runs()):
        rest = chance.choice((*WORDS, "", f'{{"n": {chance.randint(0, 9)}}}', "```renum\n[1]\n```", "longo " * 500))
        is_counted = chance.random() < 0.9
        finish(run, run.text + rest or "ok", is_counted=is_counted)


def fail(world: World, chance: Random) -> None:
    """An agent fails, one way or another."""
    if run := one(chance, world.upstream.open_runs()):
        failures = (
            BackendUnreachable("unreachable"),
            AgentFailed("provider_failed", retryable=True),
            RateLimited(retry_after=chance.choice((None, 0.5, 12.0))),
            BadStream("answer_cut"),
            AgentFailed("refused"),
            CredentialMissing("credential_missing", service="openai"),
            BrokenBackend(),
        )
        error = chance.choice(failures)
        run.end(error, has_cost=isinstance(error, BadStream))


def speak(world: World, chance: Random) -> None:
    """An agent says something on its way."""
    if run := one(chance, world.upstream.open_runs()):
        piece = chance.choice(("uma ", "palavra ", "x" * 3_000, "\x00\ud83d"))
        run.text += piece
        run.say(TextDelta(piece))


def tell(world: World, chance: Random) -> None:
    """A run that outlives its server tells what it is called."""
    unknown = [run for run in world.upstream.open_runs() if run.backend is Backend.SUNA and not run.is_known]
    if run := one(chance, unknown):
        run.say(RunStarted(run.identifiers))


def crash(world: World, chance: Random) -> None:
    if server := one(chance, world.servers):
        world.crash(server)


def restart(world: World, chance: Random) -> None:
    if not world.servers:
        world.start_server()


def second_owner(world: World, chance: Random) -> None:
    """Another server takes everything up while the first one lives."""
    if len(world.servers) < _MAX_SERVERS:
        world.start_server()


def duplicate_advance(world: World, chance: Random) -> None:
    """The same server advances an execution twice."""
    wanted = one(chance, list(world.watcher.open()))
    if wanted and world.servers:
        server = world.servers[-1]
        server.loop.create_task(_advance(server.engine, wanted))


async def _advance(engine: ExecutionEngine, execution_id: UUID) -> None:
    while True:
        try:
            return await engine.advance(execution_id)
        except NotStored:
            await asyncio.sleep(1)


def duplicate_wake(world: World, chance: Random) -> None:
    """A wake-up nobody asked for, or an execution brought to the engine again."""
    if wanted := execution(world, chance):
        world.call(dispatch.wake(wanted) if chance.random() < 0.5 else dispatch.start(wanted))


def wait(world: World, chance: Random) -> None:
    world.pass_time(chance.choice((0.01, 0.3, 1.0, 3.0)))


def wait_for_something(world: World, chance: Random) -> None:
    """Up to the moment at which a back-off, a time limit or a look at the commands is due."""
    for _ in range(chance.randint(1, 10)):
        world.pass_time(min(30.0, max(0.0, world.next_moment() - world.clock.seconds)))


def wait_long(world: World, chance: Random) -> None:
    world.pass_time(chance.choice((10.0, 35.0, 95.0)))


def trouble(world: World, chance: Random) -> None:
    """The database does not take the next transactions, or is gone before it could say that it has."""
    error = OperationalError("COMMIT", None, Exception("gone"))
    world.troubles += [Trouble(error, is_after_commit=chance.random() < 0.4) for _ in range(chance.randint(1, 4))]


def refusal(world: World, chance: Random) -> None:
    """The database cannot be asked for a while."""
    world.refusals = chance.randint(2, 8)


ACTIONS: dict[str, tuple[int, Act]] = {
    "submit": (8, submit),
    "done": (34, done),
    "fail": (10, fail),
    "speak": (5, speak),
    "tell": (9, tell),
    "stop": (4, stop),
    "decide": (7, decide),
    "retry": (3, retry),
    "fork": (3, fork),
    "resume": (2, resume),
    "crash": (2, crash),
    "restart": (10, restart),
    "second_owner": (1, second_owner),
    "duplicate_advance": (2, duplicate_advance),
    "duplicate_wake": (3, duplicate_wake),
    "wait": (10, wait),
    "wait_for_something": (8, wait_for_something),
    "wait_long": (2, wait_long),
    "trouble": (2, trouble),
    "refusal": (3, refusal),
}
