"""What the page's own address says, read by the browser without asking the server."""

from __future__ import annotations

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

_LIBRARY = f"$/public{rx.asset('address.js', shared=True)}"


def query(name: str) -> rx.Var[str]:
    """One query parameter; empty where there is none."""
    variable = f"query_{name}_"
    data = VarData(
        imports={_LIBRARY: [ImportVar(tag="useQuery")]}, hooks={f'const {variable} = useQuery("{name}")': None}
    )
    return rx.Var(variable, _var_type=str, _var_data=data).to(str)
