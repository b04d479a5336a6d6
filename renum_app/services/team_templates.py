"""Teams to begin with: six that run in rehearsal, without a key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from renum_app.database import transaction
from renum_app.errors import NotFound
from renum_app.i18n import Locale, text
from renum_app.models.agent import Agent, Backend, RehearsalScript
from renum_app.models.team import TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.repositories import agents

_CONTENT = Path(__file__).with_name("template_content") / "teams.json"
_SECONDS = 5.0
_OWN_WORDS = ("part", "sets", "seconds")
"""What a member of the file says beside its seat."""


@dataclass(frozen=True)
class Template:
    """One of them; its texts are `templates.<key>.name`, `.text` and `templates.part.<part>` in the catalogues."""

    key: str
    strategy: str
    members: tuple[dict[str, Any], ...]
    config: dict[str, Any]


@cache
def templates() -> dict[str, Template]:
    """All of them by key, in the order to offer them."""
    content = json.loads(_CONTENT.read_text(encoding="utf-8"))
    return {
        key: Template(
            key,
            strategy=each["type"],
            members=tuple(each["members"]),
            config={**each.get("config", {}), "variables": each.get("variables", [])},
        )
        for key, each in content.items()
    }


async def cast(user: CurrentUser, key: str, *, locale: Locale) -> TeamWrite:
    """The template as a team that could be created now; rehearsal agents that the person lacks are made.

    Raises:
        NotFound: There is no such template.
    """
    template = templates().get(key)
    if template is None:
        raise NotFound
    async with transaction() as session:
        known = {agent.name: agent for agent in await agents.of_backend(session, owner=user.user_id, backend=_BACKEND)}
        seats = [(member, _agent_of(user, member, locale)) for member in template.members]
        cast = [(member, known.get(agent.name) or await agents.add(session, agent)) for member, agent in seats]
        return TeamWrite.model_validate(_body(template, [(each, agent.agent_id) for each, agent in cast], locale))


_BACKEND = Backend.REHEARSAL


def _agent_of(user: CurrentUser, member: dict[str, Any], locale: Locale) -> Agent:
    part = member["part"]
    script = RehearsalScript(seconds=member.get("seconds", _SECONDS), reply=_reply(member, locale))
    return Agent(
        user_id=user.user_id,
        name=text(f"templates.part.{part}", locale),
        instructions=text(f"templates.does.{part}", locale),
        backend=_BACKEND.value,
        rehearsal=script.model_dump(mode="json"),
    )


def _reply(member: dict[str, Any], locale: Locale) -> str | None:
    """What the part says where others depend on a value of it; elsewhere the rehearsal finds its own words."""
    if "sets" not in member:
        return None
    part = member["part"]
    words = text(f"templates.reply.{part}", locale)
    return f"{words}\n\n```renum\n{json.dumps({'set': member['sets']})}\n```"


def _body(template: Template, seats: list[tuple[dict[str, Any], str]], locale: Locale) -> dict[str, Any]:
    members = [
        {**{name: each for name, each in member.items() if name not in _OWN_WORDS}, "agent_id": agent_id,
         "step_id": member["part"]}
        for member, agent_id in seats
    ]  # fmt: skip
    return {
        "name": text(f"templates.{template.key}.name", locale),
        "description": text(f"templates.{template.key}.text", locale),
        "agent_ids": list(dict.fromkeys(agent_id for _, agent_id in seats)),
        "workflow_definition": {"type": template.strategy, "agents": members},
        "team_config": template.config,
    }
