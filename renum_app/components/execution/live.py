"""The parts of the execution page; all of them read one store, fed by the monitor WebSocket, so they always agree."""

from __future__ import annotations

from pathlib import Path

import reflex as rx

# Every script of this folder is an asset, so that they can import each other; the parts name theirs.
_SCRIPTS = {path.name: rx.asset(path.name, shared=True) for path in sorted(Path(__file__).parent.glob("*.js*"))}


def script(name: str) -> str:
    """What a component of this folder imports."""
    return f"$/public{_SCRIPTS[name]}"


class LivePart(rx.Component):
    """A React part that follows one execution; it is safe to prerender and shows a skeleton until it knows more."""

    lib_dependencies: list[str] = ["react-markdown@10.1.0", "remark-gfm@4.0.1"]

    execution_id: rx.Var[str]


class ExecutionHeader(LivePart):
    """Whose execution, in which status, since when; and stop."""

    library = script("header.jsx")
    tag = "ExecutionHeader"

    team_name: rx.Var[str]
    team_url: rx.Var[str]
    prompt: rx.Var[str]
    strategy: rx.Var[str]
    """The workflow's type."""
    rehearsal: rx.Var[bool]
    again_url: rx.Var[str]
    """Where the same prompt can be run again."""
    on_stop: rx.EventHandler[rx.event.no_args_event_spec]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]
    """It ended while one looked on."""


class ExecutionNotice(LivePart):
    """A failure with its reason and remedy, or the receipt of a stop; nothing otherwise."""

    library = script("notice.jsx")
    tag = "ExecutionNotice"

    again_url: rx.Var[str]


class ExecutionFigures(LivePart):
    """Progress, cost, tokens and time."""

    library = script("figures.jsx")
    tag = "ExecutionFigures"

    cap_usd: rx.Var[float]
    """0 where there is no cap."""
    rehearsal: rx.Var[bool]


class RealTimeMonitor(LivePart):
    """The Partitura: a lane per member, a bar per attempt, a line for now; or the AgentStatusGrid, a tile each."""

    library = script("monitor.jsx")
    tag = "RealTimeMonitor"

    strategy: rx.Var[str]
    member_count: rx.Var[int]
    """Lanes of the skeleton."""


class LiveOutput(LivePart):
    """What the chosen member writes; its facts; the result so far."""

    library = script("output.jsx")
    tag = "LiveOutput"


class ExecutionLogs(LivePart):
    """What happened, as sentences with filter and search."""

    library = script("logs.jsx")
    tag = "ExecutionLogs"


class ResultsPanel(LivePart):
    """The result, once there is one."""

    library = script("results.jsx")
    tag = "ResultsPanel"

    title: rx.Var[str]
