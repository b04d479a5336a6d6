"""A filled execution form read as the request it stands for. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from renum_app.models.execution import ExecuteRequest, Overrides
from renum_app.state.sentence import Sentence

Problems = dict[str, Sentence]

_CHECKED = ("on", "True", "true")
_LONGEST_TIMEOUT_SECONDS = 604_800
_TOKEN_DIGITS = 9
_FIELDS = ("initial_prompt", "variables", "max_cost_usd", "max_tokens", "timeout")


def request_of(form: Mapping[str, str]) -> tuple[ExecuteRequest | None, Problems]:
    """The request, or what is wrong with the form, by field."""
    problems: Problems = {}
    prompt = form.get("initial_prompt", "")
    if not prompt.strip():
        problems["initial_prompt"] = Sentence("executions.form.prompt_missing")
    cap = _number(form, "max_cost_usd", problems, wrong="executions.form.cap_invalid", above=-1)
    tokens = _tokens(form, problems)
    timeout = _number(form, "timeout", problems, wrong="executions.form.timeout_invalid", above=0)
    variables = _variables(form, problems)
    if problems:
        return None, problems
    overrides = Overrides(
        max_cost_usd=cap, max_tokens=tokens, timeout=timeout, rehearsal=form.get("rehearsal") in _CHECKED
    )
    try:
        return ExecuteRequest(initial_prompt=prompt, variables=variables, overrides=overrides), {}
    except ValidationError as error:
        first = error.errors()[0]
        return None, {str(first["loc"][0]): Sentence(fallback=first["msg"])}


def _number(form: Mapping[str, str], name: str, problems: Problems, *, wrong: str, above: float) -> float | None:
    text = form.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not above < value <= _LONGEST_TIMEOUT_SECONDS or value < 0:
        problems[name] = Sentence(wrong)
    return value


def _tokens(form: Mapping[str, str], problems: Problems) -> int | None:
    text = form.get("max_tokens", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _TOKEN_DIGITS and int(text) > 0):
        problems["max_tokens"] = Sentence("executions.form.tokens_invalid")
        return None
    return int(text)


def at_known_fields(problems: Problems) -> Problems:
    """Problems at the form's own fields; what belongs to none of them stands above the form."""
    placed: Problems = {}
    for path, sentence in problems.items():
        field = next((name for name in _FIELDS if name in path.split(".")), "")
        placed.setdefault(field, sentence)
    return placed


def _variables(form: Mapping[str, str], problems: Problems) -> dict[str, Any]:
    variables: dict[str, Any] = {}
    for field, given in form.items():
        if not field.startswith("variable_name_"):
            continue
        name, text = given.strip(), form.get(field.replace("name", "value", 1), "")
        if not name and text.strip():
            problems["variables"] = Sentence("executions.form.variable_unnamed")
        elif name in variables:
            problems["variables"] = Sentence("executions.form.variable_twice", {"name": name})
        elif name:
            variables[name] = _value(text)
    return variables


def _value(text: str) -> Any:
    """JSON where it is JSON, so that numbers compare as numbers; else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
