"""The cards of what waits for the person, wherever it belongs."""

from __future__ import annotations

import reflex as rx

from renum_app.components.execution.live import decided, script
from renum_app.state.approvals import ApprovalRow
from renum_app.state.sentence import Sentence


class ApprovalInbox(rx.Component):
    """One card per open approval."""

    library = script("approvals.jsx")
    tag = "ApprovalInbox"
    lib_dependencies: list[str] = ["react-markdown@10.1.0", "remark-gfm@4.0.1"]

    rows: rx.Var[list[ApprovalRow]]
    refusals: rx.Var[dict[str, Sentence]]
    on_decide: rx.EventHandler[decided]
