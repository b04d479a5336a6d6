"""A team as a file: reading one into the wizard, writing one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.designer.designer import WorkflowDesigner

_SCRIPT = f"$/public{rx.asset('exchange.jsx', shared=True)}"


class ImportTeam(rx.Component):
    """A file or pasted text becomes a draft; what does not fit is said by line."""

    library = _SCRIPT
    tag = "ImportTeam"
    # The reader and writer of YAML are the designer's.
    lib_dependencies: list[str] = [each for each in WorkflowDesigner.create().lib_dependencies if "yaml" in each]

    on_import: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class ExportTeam(rx.Component):
    """Buttons that save the team as YAML and as JSON."""

    library = _SCRIPT
    tag = "ExportTeam"
    lib_dependencies: list[str] = ImportTeam.create().lib_dependencies

    team: rx.Var[dict[str, Any]]
