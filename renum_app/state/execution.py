"""What a tab knows of the execution it shows: whose it is, and how to stop it.

Status, steps, text and figures are not here: they come over the monitor WebSocket into one store in the
browser, so that no two parts of the page can tell different stories.
"""

from __future__ import annotations

from urllib.parse import urlencode

import reflex as rx

from renum_app.errors import NotFound
from renum_app.models.execution_read import ExecutionRead
from renum_app.services import executions, teams
from renum_app.state.address import id_in, id_in_path
from renum_app.state.notices import tell
from renum_app.state.session import signed_in

_LONGEST_PROMPT = 2_000
"""Characters of the prompt a page is sent; the rest is not shown."""


class ExecutionPage(rx.State):
    shown_id: str = ""
    """The execution the facts below are of; empty while loading."""
    is_missing: bool = False
    team_name: str = ""
    team_url: str = ""
    prompt: str = ""
    strategy: str = ""
    is_rehearsal: bool = False
    members: int = 3
    cap_usd: float = 0.0
    again_url: str = ""

    @rx.event
    async def load(self) -> None:
        """Learn whose execution the address names."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="executions")
        self._forget(str(wanted or ""))
        try:
            if wanted is None:
                raise NotFound
            execution = await executions.get(user, wanted)
        except NotFound:
            self.is_missing = True
            return
        self._show(execution)
        if not self.cap_usd:
            team = await teams.get(user, execution.team_id)
            self.cap_usd = team.team_config.max_cost_usd or 0.0

    @rx.event
    async def stop(self) -> None:
        """Ask the engine to stop what the page shows."""
        user = await signed_in(self)
        wanted = id_in(self.shown_id)
        if wanted is None:
            return
        await executions.stop(user, wanted)
        await tell(self, "executions.page.stop_sent", "info")

    def _forget(self, execution_id: str) -> None:
        if execution_id != self.shown_id:
            self.reset()
        self.is_missing = False

    def _show(self, execution: ExecutionRead) -> None:
        self.shown_id = str(execution.execution_id)
        self.team_name, self.team_url = execution.team_name, f"/teams/{execution.team_id}"
        self.prompt = execution.initial_prompt[:_LONGEST_PROMPT]
        self.strategy, self.is_rehearsal = execution.workflow_type, execution.rehearsal
        self.members = len(execution.steps)
        self.cap_usd = execution.overrides.max_cost_usd or 0.0
        self.again_url = f"{self.team_url}/execute?{urlencode({'from': str(execution.execution_id)})}"
