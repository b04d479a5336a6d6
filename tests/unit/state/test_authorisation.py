"""A browser may call any handler at any time with anything: each asks who is there before it does a thing."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import reflex as rx
from reflex.event import EventHandler

from renum_app.errors import Unauthenticated
from tests.page_states import page_states

WITHOUT_A_PERSON = {
    # Where Unauthenticated becomes a redirect.
    "Session.enter",
    # Tells an error's sentence to the tab that asks.
    "Failures.show",
    # Tells what the installation offers at the door.
    "Gate.load",
    # Name another slice in the address; loading it asks.
    "AgentList.find",
    "AgentList.choose_backend",
    "AgentList.turn_to",
    "AgentList.clear",
    "TeamList.find",
    "TeamList.choose_activity",
    "TeamList.choose_strategy",
    "TeamList.turn_to",
    "TeamList.clear",
    "ExecutionList.choose_status",
    "ExecutionList.choose_team",
    "ExecutionList.find",
    "ExecutionList.turn_to",
    "ExecutionList.clear",
    # Change what is typed into a form; sending it asks.
    "ExecuteForm.add_variable",
    "ExecuteForm.remove_variable",
    "ExecuteForm.set_rehearsal",
    # Remember what a dialog is about.
    "Credentials.ask_removal",
    "Costs.ask_removal",
    "ApiTokens.ask_revocation",
    "AdminUsers.ask",
    "AdminExecutions.ask",
    # Name another slice in the address.
    "AdminUsers.find",
    "AdminUsers.turn_to",
    "AdminUsers.clear",
    "AdminExecutions.choose_status",
    "AdminExecutions.find",
    "AdminExecutions.turn_to",
    "AdminExecutions.clear",
    "AdminAudit.choose_action",
    "AdminAudit.find",
    "AdminAudit.turn_to",
    "AdminAudit.clear",
}


def handlers() -> list[Any]:
    return [
        pytest.param(state, handler, id=f"{state.__name__}.{name}")
        for state in page_states()
        for name, handler in state.event_handlers.items()
        if handler.fn.__module__.startswith("renum_app.") and f"{state.__name__}.{name}" not in WITHOUT_A_PERSON
    ]


@pytest.mark.parametrize(("state", "handler"), handlers())
async def test_a_handler_does_nothing_for_nobody(state: type[rx.State], handler: EventHandler):
    tab = state(_reflex_internal_init=True)
    wanted = [name for name in inspect.signature(handler.fn).parameters if name != "self"]
    with pytest.raises(Unauthenticated):
        await _result(handler.fn(tab, *({} for _ in wanted)))


async def _result(returned: Any) -> None:
    if inspect.isasyncgen(returned):
        async for _ in returned:
            pass
    elif inspect.isawaitable(returned):
        await returned
