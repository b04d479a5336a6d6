"""The form of one agent in one tab, new or known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx
from pydantic import ValidationError
from reflex.event import EventSpec

from renum_app.agents.backend import AgentError
from renum_app.errors import Conflict, NotFound, RenumError
from renum_app.models.agent import AgentRead, AgentWrite, Backend, RehearsalScript
from renum_app.models.values import iso
from renum_app.services import agents, model_names, remote_agents, teams
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, problems_of, trouble_of
from renum_app.state.session import signed_in

FAULTS = ("error", "rate_limit", "unreachable", "empty", "cut", "garbage", "crash")
_MOST_TEAMS = 100


class AgentForm(rx.State):
    is_loaded: bool = False
    is_missing: bool = False
    editing: str = ""
    """Id of the agent shown; empty for a new one."""
    name: str = ""
    description: str = ""
    instructions: str = ""
    backend: str = Backend.LOCAL
    has_suna: bool = False
    """Agents may live at a Suna server."""
    model: str = ""
    reply: str = ""
    seconds: str = ""
    fault: str = ""
    fault_attempts: str = ""
    model_names: list[str] = []
    used_by: list[tuple[str, str]] = []
    """Id and name of the teams it sits in."""
    problems: dict[str, Sentence] = {}
    refusal: Sentence = Sentence()
    seen_at: str = ""
    """When it was last seen where it lives; empty for one that lives here."""
    has_vanished: bool = False
    """It lives there no more."""
    is_away: bool = False
    """Nobody answers there, so what is shown is the copy."""
    trouble: Sentence = Sentence()
    _kept: dict[str, Any] = {}
    """What the form does not show, so that saving does not lose it."""

    @rx.event
    async def load_new(self) -> AsyncIterator[None]:
        """An empty form."""
        user = await signed_in(self)
        self.is_loaded = False
        yield
        self._show(None)
        self.model_names = await model_names.suggestions(user)
        self.is_loaded = True

    @rx.event
    async def load(self) -> AsyncIterator[None]:
        """The agent that the address names."""
        user = await signed_in(self)
        wanted = self.router.url.path.rstrip("/").rsplit("/", 1)[-1][:200]
        self.is_loaded = False
        yield
        try:
            agent = await agents.get(user, wanted)
        except NotFound:
            self.is_missing = True
            return
        self._show(agent)
        self._tell_trouble(agent, remote_agents.troubles(user).get(agent.backend))
        self.model_names = await model_names.suggestions(user)
        found = await teams.list_teams(user, limit=_MOST_TEAMS)
        self.used_by = [(str(team.team_id), team.name) for team in found.items if agent.agent_id in team.agent_ids]
        self.is_loaded = True

    @rx.event
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Store what was filled in, or say by field what is wrong with it."""
        user = await signed_in(self)
        self.problems, self.refusal = {}, Sentence()
        try:
            body = self._body(form)
            saved = await (agents.update(user, self.editing, body) if self.editing else agents.create(user, body))
        except (ValidationError, RenumError) as error:
            self.problems = problems_of(error)
            return None
        await tell(self, "agents.saved", name=saved.name)
        return rx.redirect("/agents")

    @rx.event
    async def delete(self) -> EventSpec | None:
        """Remove the agent shown, unless a team needs it."""
        user = await signed_in(self)
        try:
            await agents.delete(user, self.editing)
        except Conflict as error:
            self.refusal = Sentence.of(error)
            return None
        await tell(self, "agents.deleted", name=self.name)
        return rx.redirect("/agents")

    def _tell_trouble(self, agent: AgentRead, error: AgentError | None) -> None:
        """Whether what is shown is as it is where the agent lives."""
        self.seen_at = iso(agent.last_seen_at) if agent.last_seen_at else ""
        self.has_vanished, self.trouble = agent.is_missing, trouble_of(error)
        self.is_away = error is not None and error.will_help_to_retry

    def _show(self, agent: AgentRead | None) -> None:
        self.is_missing, self.problems, self.refusal, self.used_by = False, {}, Sentence(), []
        self.editing = agent.agent_id if agent else ""
        self.name, self.description = (agent.name, agent.description) if agent else ("", "")
        self.instructions, self.model = (agent.instructions, agent.model) if agent else ("", "")
        self.backend = agent.backend.value if agent else Backend.LOCAL.value
        self.has_suna = Backend.SUNA in agents.available_backends()
        self._kept = agent.model_dump(mode="json", include={"tools", "rehearsal", "model"}) if agent else {}
        self._show_script(agent.rehearsal if agent else None)

    def _show_script(self, script: RehearsalScript | None) -> None:
        script = script or RehearsalScript()
        fault = script.faults[0] if script.faults else None
        self.reply, self.seconds = script.reply or "", f"{script.seconds:g}"
        self.fault = fault.kind if fault else ""
        self.fault_attempts = ", ".join(str(attempt) for attempt in fault.attempts) if fault else "1"

    def _body(self, form: dict[str, Any]) -> AgentWrite:
        """What was filled in, checked; raises pydantic's ValidationError."""
        typed = {
            name: str(form.get(name) or "") for name in ("name", "description", "instructions", "backend", "model")
        }
        is_rehearsal = typed["backend"] == Backend.REHEARSAL
        typed["name"], typed["model"] = typed["name"].strip(), "" if is_rehearsal else typed["model"].strip()
        if typed["backend"] == Backend.SUNA:  # its model is chosen there
            typed["model"] = str(self._kept.get("model") or "")
        script = _script(form, self._kept.get("rehearsal") or {}) if is_rehearsal else None
        return AgentWrite.model_validate({**typed, "tools": self._kept.get("tools", []), "rehearsal": script})


def _script(form: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """The rehearsal as filled in; what the form does not show stays as it was."""
    fault = str(form.get("fault") or "")
    shown = {
        "reply": str(form.get("reply") or "") or None,
        "seconds": str(form.get("seconds") or "4").replace(",", "."),
    }
    others = kept.get("faults", [])[1:]
    return {**kept, **shown, "faults": [*([_fault(form, fault, kept)] if fault else []), *others]}


def _fault(form: dict[str, Any], kind: str, kept: dict[str, Any]) -> dict[str, Any]:
    before = next(iter(kept.get("faults", [])), {})
    attempts = [part for part in str(form.get("fault_attempts") or "").replace(",", " ").split() if part]
    return {**before, "kind": kind, "attempts": attempts}
