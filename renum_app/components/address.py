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


def seconds_left(name: str) -> rx.Var[int]:
    """Seconds of a wait that one query parameter names, counted down on screen; 0 where there is none."""
    variable, given = f"left_of_{name}_", query(name)
    own = VarData(
        imports={_LIBRARY: [ImportVar(tag="useSecondsLeft")]},
        hooks={f"const {variable} = useSecondsLeft(query_{name}_)": None},
    )
    data = VarData.merge(given._get_all_var_data(), own)  # noqa: SLF001 (Reflex has no public name for it)
    return rx.Var(variable, _var_type=int, _var_data=data).to(int)
