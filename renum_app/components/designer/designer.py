"""WorkflowDesigner: a team's draft as a canvas, as an outline in words and as YAML; three faces of one model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import reflex as rx

from renum_app.state.draft import Problem, SeatableAgent, Seen

# Every script of this folder is an asset, so that they can import each other.
_SCRIPTS = {path.name: rx.asset(path.name, shared=True) for path in sorted(Path(__file__).parent.glob("*.js*"))}


class WorkflowDesigner(rx.NoSSRComponent):
    """Edit a draft in the browser; the server hears of each finished gesture and never holds one up.

    The draft is the body of `POST /teams` as JSON, also where nodes lie (`position`). It may be unfinished: no members,
    no name. Selection, undo and redo live in the browser only.

    ```python
    workflow_designer(
        value=Wizard.draft, revision=Wizard.revision, agents=Wizard.agents, problems=Wizard.problems,
        seen=Wizard.seen, embedded=True, on_change=Wizard.draft_changed,
    )
    ```
    `state.draft` makes all of these: `blank()`, `draft_of(team)`, `seatable(user)`, `problems_in(user, draft)`,
    `seen_in(user, team_id)`. Its box has the height that its parent gives it, at least 520 px.
    """

    library = f"$/public{_SCRIPTS['designer.jsx']}"
    tag = "WorkflowDesigner"
    lib_dependencies: list[str] = ["@xyflow/react@12.12.1", "yaml@2.9.1"]

    value: rx.Var[dict[str, Any]]
    """The draft; read when the designer appears and whenever `revision` changes, ignored otherwise."""
    revision: rx.Var[int]
    """Raise it to replace what the person sees by `value`; undo starts anew."""
    saved: rx.Var[int]
    """Raise it when `on_save` was carried out: there are no unsaved changes any more."""
    agents: rx.Var[list[SeatableAgent]]
    """Who can be given a seat, and who has one."""
    problems: rx.Var[list[Problem]]
    """What the server's validation says of the last draft it was told."""
    seen: rx.Var[list[Seen]]
    """Values of the last execution, for those who write conditions."""
    embedded: rx.Var[bool]
    """Without strategies, name, description, limits and the guard against leaving: the page has its own."""
    is_saving: rx.Var[bool]

    on_change: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    """The draft, 300 ms after the last change of a gesture, undo and redo included."""
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    """The draft, when a person saves; without it there is no button to."""


workflow_designer = WorkflowDesigner.create
