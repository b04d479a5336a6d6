"""What people do: start, stop, decide, and redo what has ended; what makes no sense just now does nothing."""

from __future__ import annotations

from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from renum_app.errors import Conflict, TooMany
from renum_app.models.approval import Decision, Verdict
from renum_app.models.execution import ExecuteRequest, Overrides
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.redo import ForkRequest, ResumeRequest
from renum_app.models.team import TeamWrite
from renum_app.services import executions, redo, teams
from tests.simulation.teams import team_body
from tests.simulation.world import World

Thing = TypeVar("Thing")

_MAX_OPEN = 10


def submit(world: World, chance: Random) -> None:
    if len(world.watcher.open()) >= _MAX_OPEN:
        return
    body = TeamWrite.model_validate(team_body(chance, world.agent_ids))
    team = world.call(teams.create(world.user, body))
    overrides = Overrides(timeout=60 if chance.random() < 0.1 else None)
    request = ExecuteRequest(initial_prompt="Analise.", overrides=overrides)
    try:
        world.call(executions.start(world.user, team.team_id, request))
    except TooMany:
        return


def stop(world: World, chance: Random) -> None:
    """A person stops an execution, at times one that has ended, and at times twice."""
    wanted = execution(world, chance)
    for _ in range(chance.choice((1, 1, 1, 2))):
        if wanted:
            try:
                world.call(executions.stop(world.user, wanted))
                world.stops.setdefault(wanted, world.clock.seconds)
            except Conflict:
                world.watcher.check()
                assert world.watcher.executions[wanted].has_ended, "only what has ended may refuse a stop"


def decide(world: World, chance: Random) -> None:
    """A person approves, edits or rejects."""
    if wanted := one(chance, world.open_approvals()):
        decision = chance.choice(
            (
                Decision(decision=Verdict.APPROVE),
                Decision(decision=Verdict.APPROVE, text="o que a pessoa escreveu"),
                Decision(decision=Verdict.REJECT, reason="não serve"),
            )
        )
        world.decide(wanted, decision)


def retry(world: World, chance: Random) -> None:
    """Again from where it failed."""
    if wanted := _ended(world, chance):
        _redo(world, redo.retry(world.user, wanted))


def fork(world: World, chance: Random) -> None:
    """Again from some step, perhaps with something changed."""
    if wanted := _ended(world, chance):
        step = chance.choice(world.watcher.executions[wanted].plan.steps)
        changes = chance.choice(({}, {"input": "outra entrada"}, {"output": "dito por uma pessoa"}))
        request = ForkRequest(from_step=step.step_id, **changes)
        _redo(world, redo.fork(world.user, wanted, request))


def resume(world: World, chance: Random) -> None:
    """On under a higher cap, where a budget was the end."""
    broke = [key for key, each in world.watcher.executions.items() if each.progress.error_code == "budget_exceeded"]
    if wanted := one(chance, broke[-5:]):
        plan = world.watcher.executions[wanted].plan
        tokens = plan.max_tokens and plan.max_tokens * chance.choice((1, 10))
        cost = plan.max_cost_usd and plan.max_cost_usd * chance.choice((1, 10))
        request = ResumeRequest(max_tokens=tokens, max_cost_usd=cost)
        _redo(world, redo.resume(world.user, wanted, request))


def one(chance: Random, things: list[Thing]) -> Thing | None:
    """Any of them."""
    return chance.choice(things) if things else None


def execution(world: World, chance: Random) -> UUID | None:
    """Mostly one that goes on."""
    going_on = list(world.watcher.open())
    return one(chance, going_on if going_on and chance.random() < 0.9 else list(world.watcher.executions))


def _redo(world: World, work: Coroutine[Any, Any, ExecutionRead]) -> None:
    try:
        world.call(work)
    except (Conflict, TooMany):  # nothing of it is left to do, or too much is under way
        return


def _ended(world: World, chance: Random) -> UUID | None:
    """One of the last that have ended, while there is room for another."""
    if len(world.watcher.open()) >= _MAX_OPEN:
        return None
    return one(chance, [key for key, each in world.watcher.executions.items() if each.has_ended][-10:])
