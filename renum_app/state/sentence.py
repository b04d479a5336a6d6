"""Sentences on their way to the page: a key and its parameters, put into words by the browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from renum_app.agents.backend import AgentError
from renum_app.errors import FieldProblem, Invalid, RenumError, Unauthenticated

Params = dict[str, str | int | float]


@dataclass(frozen=True)
class Sentence:
    """What `components.text.say` shows; an empty key says nothing."""

    key: str = ""
    params: Params = field(default_factory=dict)
    fallback: str = ""
    """English words where the catalogues lack the key."""

    @classmethod
    def told(cls, words: str) -> Sentence:
        """A sentence that is in words already; no catalogue has its key."""
        return cls(key="-", fallback=words)

    @classmethod
    def of(cls, error: RenumError) -> Sentence:
        """What went wrong, in one sentence."""
        return cls(key=error.key, params=_plain(error.params))

    @classmethod
    def of_problem(cls, problem: FieldProblem) -> Sentence:
        return cls(key=f"problems.{problem.code}", params=_plain(problem.params), fallback=problem.message)


def trouble_of(error: AgentError | None) -> Sentence:
    """What went wrong where agents live, told of no agent in particular."""
    if error is None:
        return Sentence()
    return Sentence(f"agent_errors.{error.message}", _plain({"agent": "Renum", **error.params}))


def failure_of(error: RenumError) -> Sentence:
    """Why a page could not load.

    Raises:
        Unauthenticated: The error is that nobody is signed in, which loading again cannot mend.
    """
    if isinstance(error, Unauthenticated):
        raise error
    return Sentence.of(error)


def problems_of(error: ValidationError | RenumError) -> dict[str, Sentence]:
    """What is wrong with a form that was sent, by field.

    Raises:
        Unauthenticated: The error is that nobody is signed in, which no field can mend.
    """
    if isinstance(error, Unauthenticated):
        raise error
    return by_field_of(error) if isinstance(error, ValidationError) else by_field(error)


def by_field(error: RenumError) -> dict[str, Sentence]:
    """The first problem of each field, by its dotted path; other errors stand under the field they name, else `""`."""
    if not isinstance(error, Invalid):
        return {error.field or "": Sentence.of(error)}
    found: dict[str, Sentence] = {}
    for problem in error.problems:
        found.setdefault(problem.field, Sentence.of_problem(problem))
    return found


def by_field_of(error: ValidationError, *, under: str = "") -> dict[str, Sentence]:
    """What pydantic found, by dotted path below `under`."""
    found: dict[str, Sentence] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=True):
        path = ".".join(str(part) for part in (*([under] if under else []), *each["loc"]))
        limits: Params = {name: value for name, value in each.get("ctx", {}).items() if isinstance(value, int | float)}
        found.setdefault(path, Sentence(f"forms.{each['type']}", limits, fallback=each["msg"]))
    return found


def _plain(params: dict[str, object]) -> Params:
    """Parameters as the browser can format them: numbers stay numbers, lists become enumerations."""
    return {name: _plain_value(value) for name, value in params.items()}


def _plain_value(value: object) -> str | int | float:
    if isinstance(value, int | float | str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(str(item) for item in value)
    return str(value)
