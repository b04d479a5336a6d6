"""The parts of the execution page; all of them read one store, fed by the monitor WebSocket, so they always agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import reflex as rx

from renum_app.state.execution import Lineage, WireRow
from renum_app.state.sentence import Sentence

# Every script of this folder is an asset, so that they can import each other; the parts name theirs.
_SCRIPTS = {path.name: rx.asset(path.name, shared=True) for path in sorted(Path(__file__).parent.glob("*.js*"))}


def script(name: str) -> str:
    """What a component of this folder imports."""
    return f"$/public{_SCRIPTS[name]}"


Text = rx.Var[str]


def decided(approval_id: Text, decision: Text, text: Text, reason: Text) -> tuple[Text, Text, Text, Text]:
    """`approve` or `reject`; the edited text and the reason, each or nothing."""
    return approval_id, decision, text, reason


def _asked(from_step: Text, is_given: rx.Var[bool], version: rx.Var[int]) -> tuple[Text, rx.Var[bool], rx.Var[int]]:
    """About a fork; version 0 is the one the execution pinned."""
    return from_step, is_given, version


def _caps(max_cost_usd: Text, max_tokens: Text) -> tuple[Text, Text]:
    """As they were typed."""
    return max_cost_usd, max_tokens


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
    lineage: rx.Var[Lineage]
    """Where it came from and what came of it."""
    on_stop: rx.EventHandler[rx.event.no_args_event_spec]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]
    """It ended while one looked on."""


class ExecutionNotice(LivePart):
    """A failure with its reason and remedy, or the receipt of a stop; nothing otherwise."""

    library = script("notice.jsx")
    tag = "ExecutionNotice"

    is_busy: rx.Var[bool]
    problems: rx.Var[dict[str, Sentence]]
    on_retry: rx.EventHandler[rx.event.no_args_event_spec]


class ExecutionApprovals(LivePart):
    """The decisions it waits for; nothing otherwise."""

    library = script("approvals.jsx")
    tag = "ExecutionApprovals"

    refusals: rx.Var[dict[str, Sentence]]
    """Why a decision was not taken, by approval."""
    on_decide: rx.EventHandler[decided]
    on_count: rx.EventHandler[rx.event.no_args_event_spec]
    """More or fewer wait than before."""


class RedoDialogs(LivePart):
    """Fork and resume, where one of them was asked for."""

    library = script("redo.jsx")
    tag = "RedoDialogs"

    prompt: rx.Var[str]
    version: rx.Var[int]
    current_version: rx.Var[int]
    cap_usd: rx.Var[float]
    cap_tokens: rx.Var[int]
    forecast: rx.Var[dict[str, Any]]
    problems: rx.Var[dict[str, Sentence]]
    is_busy: rx.Var[bool]
    on_foresee: rx.EventHandler[_asked]
    on_fork: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_resume: rx.EventHandler[_caps]


class ExecutionFigures(LivePart):
    """Progress, cost, tokens and time."""

    library = script("figures.jsx")
    tag = "ExecutionFigures"

    cap_usd: rx.Var[float]
    """0 where there is no cap."""
    rehearsal: rx.Var[bool]


class RealTimeMonitor(LivePart):
    """The Partitura: a lane per member, a bar per attempt, a line for now; or the graph, or a tile for each member."""

    library = script("monitor.jsx")
    tag = "RealTimeMonitor"

    strategy: rx.Var[str]
    wires: rx.Var[list[WireRow]]
    """For the graph."""
    member_count: rx.Var[int]
    """Lanes of the skeleton."""


class ShownMoment(LivePart):
    """Says so while the page shows another moment than now, and leads back; nothing otherwise."""

    library = script("moment.jsx")
    tag = "ShownMoment"


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
