"""A filled form becomes a request, or says at each field what is wrong."""

from __future__ import annotations

import pytest

from renum_app.state.execute_request import request_of


def test_a_prompt_alone_is_enough() -> None:
    request, problems = request_of({"initial_prompt": "Analise o trimestre."})

    assert request is not None
    assert request.initial_prompt == "Analise o trimestre."
    assert request.overrides.max_cost_usd is None
    assert not request.overrides.rehearsal
    assert problems == {}


@pytest.mark.parametrize("prompt", ["", "  \n "])
def test_a_blank_prompt_is_said_at_its_field(prompt: str) -> None:
    request, problems = request_of({"initial_prompt": prompt})

    assert request is None
    assert set(problems) == {"initial_prompt"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("4.1", 4.1), ("true", True), ("sul", "sul"), ('{"a": 1}', {"a": 1}), ("", ""), ("NaNa", "NaNa")],
)
def test_a_variable_is_json_where_it_is_json_and_text_otherwise(text: str, value: object) -> None:
    request, _ = request_of({"initial_prompt": "x", "variable_name_3": " region ", "variable_value_3": text})

    assert request is not None
    assert request.variables == {"region": value}


def test_an_empty_line_of_variables_is_left_out() -> None:
    request, _ = request_of({"initial_prompt": "x", "variable_name_1": "", "variable_value_1": " "})

    assert request is not None
    assert request.variables == {}


def test_two_variables_of_one_name_and_one_without_are_refused() -> None:
    twice = {"variable_name_1": "a", "variable_value_1": "1", "variable_name_2": "a", "variable_value_2": "2"}
    nameless = {"variable_name_1": "", "variable_value_1": "1"}

    assert request_of({"initial_prompt": "x", **twice})[1]["variables"].params == {"name": "a"}
    assert "variables" in request_of({"initial_prompt": "x", **nameless})[1]


@pytest.mark.parametrize("cap", ["-1", "muito", "nan", "inf"])
def test_a_cap_that_is_no_amount_is_said_at_its_field(cap: str) -> None:
    assert set(request_of({"initial_prompt": "x", "max_cost_usd": cap})[1]) == {"max_cost_usd"}


@pytest.mark.parametrize("timeout", ["0", "-5", "1e9", "dez"])
def test_a_time_limit_that_is_none_is_said_at_its_field(timeout: str) -> None:
    assert set(request_of({"initial_prompt": "x", "timeout": timeout})[1]) == {"timeout"}


def test_amounts_may_be_written_with_a_comma() -> None:
    request, _ = request_of({"initial_prompt": "x", "max_cost_usd": "0,50", "timeout": "90"})

    assert request is not None
    assert (request.overrides.max_cost_usd, request.overrides.timeout) == (0.5, 90)


def test_a_character_that_cannot_be_stored_is_a_problem_and_not_a_crash() -> None:
    request, problems = request_of({"initial_prompt": "a\x00b"})

    assert request is None
    assert "initial_prompt" in problems
