"""A team as a file, as the pages write and read it: YAML, or JSON, which is YAML too. Pure."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import yaml

FIELDS = ("name", "description", "agent_ids", "workflow_definition", "team_config")
_DEFAULTS = {
    "conditions_mode": "all", "on_failure": "stop", "requires_approval": "none", "role": "member", "join": "all",
}  # fmt: skip
"""What goes without saying."""
LONGEST_CHARS = 400_000
_CORE = {
    "tag:yaml.org,2002:null": (r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "tag:yaml.org,2002:int": (r"[-+]?[0-9]+", list("-+0123456789")),
    "tag:yaml.org,2002:float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
}
"""The plain words of YAML 1.2, which the pages speak: `no`, `on`, `1:30` and dates are text, `1e3` is a number."""


class NotATeam(ValueError):
    """The text is no such file; says why, with the line where it can."""


class _Loader(yaml.SafeLoader):
    """Neither aliases, with which a small file grows huge, nor a key twice, of which one would be lost."""

    yaml_implicit_resolvers = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*) are not read", problem_mark=self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 (PyYAML's)
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            raise yaml.MarkedYAMLError(problem="a key is there twice", problem_mark=node.start_mark)
        return found

    def construct_yaml_int(self, node: Any) -> int:
        return int(self.construct_scalar(node))


class _Dumper(yaml.SafeDumper):
    """Quotes what either version of YAML would take for more than text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _tag, (_pattern, _starts) in _CORE.items():
    for _kind in (_Loader, _Dumper):
        _kind.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), _starts)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def written(team: dict[str, Any], *, as_json: bool) -> str:
    """The team as a person writes it: only what is set."""
    shown = {name: team[name] for name in FIELDS if team.get(name) is not None}
    if as_json:
        return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"
    return yaml.dump(_said(shown), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=math.inf)


def parsed(text: str) -> dict[str, Any]:
    """The body of `POST /teams`, in which what goes without saying may be missing; the server checks the rest.

    Raises:
        NotATeam: It is not YAML, or no mapping with a workflow.
    """
    if len(text) > LONGEST_CHARS:
        raise NotATeam(f"longer than {LONGEST_CHARS} characters")
    try:
        told = yaml.load(text, Loader=_Loader)  # noqa: S506 (it is a SafeLoader)
        json.dumps(told, allow_nan=False)  # an explicit tag can make what JSON lacks
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise NotATeam(_why(error)) from error
    if not isinstance(told, dict) or not isinstance(told.get("workflow_definition"), dict):
        raise NotATeam("workflow_definition")
    agents = told["workflow_definition"].get("agents")
    seats = [each for each in agents if isinstance(each, dict)] if isinstance(agents, list) else []
    ids = dict.fromkeys(each["agent_id"] for each in seats if isinstance(each.get("agent_id"), str))
    return {**told, "agent_ids": list(ids), "team_config": told.get("team_config") or {}}


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [_said(each) for each in value]
    if not isinstance(value, dict):
        return value
    unsaid = {"variables": []}
    return {
        name: _said(each)
        for name, each in value.items()
        if each is not None and _DEFAULTS.get(name) != each and unsaid.get(name) != each
    }


def _why(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    return f"{mark.line + 1}: {problem}" if mark else problem
