"""A world to play in: people, servers, agents and a database, all in one virtual time."""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Sequence
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from renum_app import database
from renum_app.agents.backend import AgentError, BackendUnreachable, RunRequest, Usage
from renum_app.engine import dispatch
from renum_app.errors import Conflict
from renum_app.events.bus import MemoryBus, Message
from renum_app.models.agent import Backend
from renum_app.models.approval import ApprovalStatus, Decision, Verdict
from renum_app.models.event import StoredEvent
from renum_app.models.user import CurrentUser
from renum_app.repositories.commits import NotStored
from renum_app.services import approvals
from renum_app.settings import Settings
from tests import factories
from tests.simulation.agents import MODEL, PROVIDER, BrokenBackend, PuppetBackend, Upstream, finish
from tests.simulation.loop import Clock, Trouble, VirtualLoop
from tests.simulation.server import SimulatedServer
from tests.simulation.storage import Storage
from tests.simulation.watching import Watcher

Result = TypeVar("Result")

_AGENTS = 6
_STOP_SECONDS = 60.0
"""A stop waits 30 s for the backend's confirmation."""
_SILENT_SECONDS = 30.0
"""A database in trouble may keep a server from its agents for a while."""
_MAX_TURNS = 100_000


class World:
    """Everything outside of the servers, and the servers that live now, the newest last."""

    def __init__(self, url: str, settings: Settings, chance: Random) -> None:
        database.configure(url)
        self.clock = Clock()
        self.chance = Random(0)
        """Of the action under way; it alone decides what is left to chance."""
        self.servers: list[SimulatedServer] = []
        self.troubles: list[Trouble] = []
        """What will happen to the next transactions of servers."""
        self.refusals = 0
        """How many of their next questions the database refuses."""
        self.stops: dict[UUID, float] = {}
        """When a stop was accepted."""
        self.decisions: dict[UUID, tuple[Decision, float]] = {}
        """What was decided about approvals, and when."""
        self.is_orphaned = False
        """Some executions may have lost their owner while another server lives."""
        self._held: dict[UUID, float] = {}
        """Parked executions that take a place all the same, and since when."""
        self._unheard: dict[tuple[UUID, str, int], float] = {}
        """Attempts that nobody listens to, and since when."""
        self._upheaval = 0.0
        """When a server came or went last."""
        self._settings = settings.model_copy(
            update={
                "max_running_executions": chance.choice((2, 4, 50)),
                "max_running_per_user": chance.choice((None, 2)),
            }
        )
        budget_usd = chance.choice((None, None, None, 0.03, 0.3))
        self._api = VirtualLoop(self.clock, lambda: 0.0)
        self._storage = Storage(url)
        self.watcher = Watcher(self._storage, month_usd=budget_usd)
        self.upstream = Upstream(on_call=self.watcher.on_call, use=self._usage, stop_answer=self._stop_answer)
        self._log = _Errors()
        logging.getLogger("renum_app").addHandler(self._log)
        self.user: CurrentUser = self.call(factories.user(monthly_budget_usd=budget_usd))
        self.agent_ids = [self._agent(number) for number in range(_AGENTS)]

    def call(self, work: Coroutine[Any, Any, Result]) -> Result:
        """What a person does, at this very moment."""
        return self._api.run(work)

    def start_server(self) -> None:
        """One more server, which takes up everything that has not ended."""
        loop = VirtualLoop(self.clock, self._latency)
        loop.trouble = self._trouble
        backends = {
            Backend.LOCAL: PuppetBackend(self.upstream, Backend.LOCAL, outlives=False),
            Backend.SUNA: PuppetBackend(self.upstream, Backend.SUNA, outlives=True),
        }
        server = SimulatedServer(loop, self._settings, _WatchedBus(self.watcher), backends)
        self.servers.append(server)
        while not server.has_started:
            self.pass_time(0.01)
        loop.refuses_to_tell = self._refuses
        dispatch.join(server.dispatcher)
        self._upheaval, self.is_orphaned = self.clock.seconds, False

    def crash(self, server: SimulatedServer) -> None:
        self.servers.remove(server)
        self._upheaval = self.clock.seconds
        server.power_off()
        dispatch.join(self.servers[-1].dispatcher if self.servers else None)
        self.is_orphaned = bool(self.servers)

    def pass_time(self, seconds: float) -> None:
        """Everything that happens until then, in its order."""
        until = self.clock.seconds + seconds
        for _ in range(_MAX_TURNS):
            for server in self.servers:
                server.loop.run_until_quiet()
                server.check()
            moment = self.next_moment()
            if moment > until:
                break
            self.clock.seconds = max(self.clock.seconds, moment)
        else:
            raise AssertionError("it goes round in circles")
        self.clock.seconds = max(self.clock.seconds, until)

    def next_moment(self) -> float:
        return min((server.loop.next_timer() for server in self.servers), default=float("inf"))

    def check(self) -> None:
        self.watcher.check()
        assert not self._log.seen, f"the server complains: {self._log.seen}"
        if self.is_orphaned or not self.servers:
            self._upheaval = self.clock.seconds
        now, unheard, held = self.clock.seconds, dict[tuple[UUID, str, int], float](), dict[UUID, float]()
        for execution_id, watched in self.watcher.open().items():
            since = now - max(self.stops.get(execution_id, now), self._upheaval)
            assert since < _STOP_SECONDS, f"a stop has not been heard for {since} s: {watched.story()}"
            waits = any(server.lets_wait(execution_id) for server in self.servers)
            for step_id, attempt in () if waits else watched.unheard():
                key = (execution_id, step_id, attempt)
                unheard[key] = self._unheard.get(key, now)
                since = now - max(unheard[key], self._upheaval)
                assert since < _SILENT_SECONDS, f"nobody listens to {step_id} for {since} s: {watched.story()}"
            if watched.progress.is_parked and any(server.holds(execution_id) for server in self.servers):
                held[execution_id] = self._held.get(execution_id, now)
                assert now - held[execution_id] < _SILENT_SECONDS, f"parked, and held in memory: {watched.story()}"
        self._unheard, self._held = unheard, held
        self._check_decisions()

    def open_approvals(self) -> list[UUID]:
        """Those a person may still decide, in the order of asking."""
        now = self.clock.now()
        return [
            approval_id
            for watched in self.watcher.open().values()
            for approval_id, row in watched.approvals.items()
            if row["status"] == ApprovalStatus.OPEN and (not row["deadline"] or row["deadline"] > now)
        ]

    def decide(self, approval_id: UUID, decision: Decision) -> None:
        try:
            self.call(approvals.decide(self.user, approval_id, decision))
        except Conflict:
            return
        assert approval_id not in self.decisions, "the first decision counts"
        self.decisions[approval_id] = (decision, self.clock.seconds)

    def _check_decisions(self) -> None:
        """What a person has decided is what happens, unless nobody needs it any more."""
        for execution_id, watched in self.watcher.executions.items():
            for approval_id, row in watched.approvals.items():
                if approval_id not in self.decisions:
                    continue
                decision, at = self.decisions[approval_id]
                wanted = ApprovalStatus.APPROVED if decision.decision is Verdict.APPROVE else ApprovalStatus.REJECTED
                assert row["status"] in {wanted, ApprovalStatus.OPEN, ApprovalStatus.VOID}, "decided otherwise"
                if row["status"] == wanted:
                    assert (row["decided_by"], row["edited_text"]) == ("person", decision.text)
                waits = any(server.lets_wait(execution_id) for server in self.servers) or execution_id in self.stops
                if waits:  # for a place: its time begins when it has one
                    self.decisions[approval_id] = (decision, self.clock.seconds)
                elif row["status"] == ApprovalStatus.OPEN:
                    since = self.clock.seconds - max(at, self._upheaval)
                    assert since < _SILENT_SECONDS, f"a decision has not been heard for {since} s: {watched.story()}"

    def run_out(self) -> None:
        """Let everything come to its end; whatever does not is stuck."""
        self.troubles.clear()
        self.refusals = 0
        if self.is_orphaned or not self.servers:
            self.start_server()
        for _ in range(7):
            self.check()
            self.pass_time(10)
        for _ in range(300):
            self.check()
            if not self.watcher.open():
                break
            for run in self.upstream.open_runs():
                finish(run, "fim")
            for approval_id in self.open_approvals():
                self.decide(approval_id, Decision(decision=Verdict.APPROVE))
            self.pass_time(2)
        stuck = [each.story() for each in self.watcher.open().values()]
        assert not stuck, f"these never end: {stuck}"
        self.pass_time(60)
        self.watcher.check_all()

    def close(self) -> None:
        dispatch.join(None)
        logging.getLogger("renum_app").removeHandler(self._log)
        while self.servers:
            self.servers.pop().power_off()
        self.call(database.dispose())
        self._api.close()
        self._storage.close()

    def _agent(self, number: int) -> str:
        backend = Backend.SUNA if number % 2 else Backend.LOCAL
        made = factories.agent(
            self.user, name=f"A{number}", backend=backend.value, rehearsal=None, model=f"{PROVIDER}:{MODEL}"
        )
        return self.call(made).agent_id

    def _latency(self) -> float:
        return self.chance.random() * self.chance.choice((0.001, 0.001, 0.001, 0.02, 0.3))

    def _trouble(self) -> Trouble | None:
        return self.troubles.pop() if self.troubles else None

    def _refuses(self) -> bool:
        self.refusals -= self.refusals > 0
        return self.refusals > 0

    def _usage(self, request: RunRequest) -> Usage:
        """What an honest provider counts: as much as was reserved at most, and often just that."""
        read, bound = -(-len((request.instructions + request.input).encode()) // 3), request.max_tokens or 300
        is_greedy = self.chance.random() < 0.5
        return Usage(*((read, bound) if is_greedy else (self.chance.randint(0, read), self.chance.randint(1, bound))))

    def _stop_answer(self) -> bool | AgentError | None:
        return self.chance.choice((True, True, True, False, BackendUnreachable("unreachable"), None))


class _WatchedBus(MemoryBus):
    """Tells the watcher what was published."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self._watcher = watcher

    def publish(self, execution_id: UUID, messages: Sequence[Message]) -> None:
        self._watcher.publish(execution_id, [each for each in messages if isinstance(each, StoredEvent)])
        super().publish(execution_id, messages)


class _Errors(logging.Handler):
    """What servers log as an error, but for what the world did to them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, NotStored | BrokenBackend):
            self.seen.append(f"{record.getMessage()}: {error!r}")
