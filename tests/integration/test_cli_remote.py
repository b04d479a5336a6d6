"""`renum` as a client: signing in, teams, executions and approvals, against a served API."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person
from tests.integration.processes import until
from tests.integration.terminal import Terminal, terminal_of
from tests.integration.test_api_approvals import team_that_asks

SLOW = {"reply": "palavra " * 200, "seconds": 60, "first_token_seconds": 0}


@pytest_asyncio.fixture
async def terminal(sqlite_served: str, sqlite_http: httpx.AsyncClient, settings: Settings, tmp_path: Path) -> Terminal:
    user = await factories.user()
    ana = Person(sqlite_http, user, await factories.access_token(user, settings))
    return await terminal_of(ana, sqlite_served, tmp_path / "config")


async def test_signing_in_keeps_the_token_where_nobody_else_reads_it_and_shows_it_nowhere(terminal: Terminal) -> None:
    nowhere = {"RENUM_URL": "", "RENUM_TOKEN": ""}
    done = await terminal.renum("login", terminal.url, "--token-stdin", stdin=f"{terminal.token}\n", **nowhere)
    assert done.exit_code == 0, done.output
    assert terminal.person.user.email in done.stderr
    assert terminal.token not in done.output
    (file,) = (terminal.folder / "renum").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    listed = await terminal.renum("teams", "list", "--json", **nowhere)
    assert (listed.exit_code, json.loads(listed.stdout)) == (0, [])
    elsewhere = await terminal.renum("teams", "list", RENUM_URL="http://127.0.0.1:1", RENUM_TOKEN="")
    assert (elsewhere.exit_code, "renum login" in elsewhere.stderr) == (2, True)  # the token stays at its own server

    assert (await terminal.renum("logout", **nowhere)).exit_code == 0
    assert not file.exists()
    assert (await terminal.renum("teams", "list", **nowhere)).exit_code == 2


async def test_a_token_that_is_refused_is_not_kept_and_the_servers_words_are_shown(terminal: Terminal) -> None:
    wrong = f"rnm_pat_{'x' * 71}"
    refused = await terminal.renum("login", terminal.url, "--token-stdin", stdin=f"{wrong}\n")
    assert refused.exit_code == 1
    assert "Request: " in refused.stderr
    assert wrong not in refused.output
    assert not (terminal.folder / "renum").exists()


@pytest.mark.parametrize(
    "url", ["http://renum.example.com", "renum.example.com", "ftp://localhost", "https://a:b@c.de"]
)
async def test_a_token_is_sent_to_no_address_that_is_unsafe_or_none(terminal: Terminal, url: str) -> None:
    refused = await terminal.renum("login", url, "--token-stdin", stdin=f"{terminal.token}\n")
    assert (refused.exit_code, refused.stdout) == (2, "")


async def test_a_server_that_is_away_or_none_of_ours_is_said_in_a_sentence(terminal: Terminal) -> None:
    away = await terminal.renum("teams", "list", RENUM_URL="http://127.0.0.1:1")
    assert (away.exit_code, away.stdout) == (1, "")
    assert away.stderr.startswith("renum: The server was not reached")
    other = await terminal.renum("teams", "list", RENUM_URL=f"{terminal.url}/elsewhere")
    assert (other.exit_code, "Traceback" in other.output) == (1, False)


async def test_a_folder_that_takes_no_token_is_said_in_a_sentence(terminal: Terminal) -> None:
    terminal.folder.write_text("a file where the folder should be")
    refused = await terminal.renum("login", terminal.url, "--token-stdin", stdin=f"{terminal.token}\n")
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"renum: {terminal.folder}")


async def test_a_watched_run_gives_the_result_alone_on_standard_output(terminal: Terminal) -> None:
    await terminal.person.team(await terminal.person.agent(name="Bia"), name="Relatórios")
    done = await terminal.renum("run", "relat", "--prompt", "Analise", "--rehearsal", "--watch")
    assert (done.exit_code, done.stdout) == (0, "Feito.\n"), done.output
    assert "✓ Bia  completed" in done.stderr
    assert "✓ Relatórios  Completed" in done.stderr


async def test_a_prompt_from_a_pipe_variables_and_caps_reach_the_execution(terminal: Terminal) -> None:
    team_id = await terminal.person.team(await terminal.person.agent())
    words = ("run", team_id, "-f", "-", "--var", "cidade=São Paulo", "--var", "n:=3", "--max-tokens", "9000")
    execution_id = (await terminal.said(*words, "--max-cost", "0.5", stdin="Do pipe")).strip()
    made = await terminal.person.ended(execution_id)
    assert (made["initial_prompt"], made["variables"]) == ("Do pipe", {"cidade": "São Paulo", "n": 3})
    assert (made["overrides"]["max_tokens"], made["overrides"]["max_cost_usd"]) == (9000, 0.5)


async def test_json_lines_are_the_events_each_once(terminal: Terminal) -> None:
    team_id = await terminal.person.team(await terminal.person.agent())
    done = await terminal.renum("run", team_id, "-p", "Analise", "--watch", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (done.exit_code, events[-1]["kind"]) == (0, "execution_completed")


async def test_a_failed_execution_exits_with_one_and_says_why(terminal: Terminal) -> None:
    faults = [{"kind": "error", "attempts": []}]
    agent_id = await terminal.person.agent(rehearsal={"seconds": 0, "first_token_seconds": 0, "faults": faults})
    body = factories.team_body(agent_id)
    body["workflow_definition"]["agents"][0]["retry"] = {"max_attempts": 1}
    team_id = (await terminal.person.post("/teams", body)).json()["team_id"]
    done = await terminal.renum("run", team_id, "-p", "Analise", "--watch")
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert "✗" in done.stderr


async def test_a_run_that_is_stopped_meanwhile_exits_with_three(terminal: Terminal) -> None:
    team_id = await terminal.person.team(await terminal.person.agent(rehearsal=SLOW))
    watched = asyncio.create_task(terminal.renum("run", team_id, "-p", "Analise", "--watch"))

    async def running() -> list[dict[str, Any]]:
        return (await terminal.person.get("/executions?status=running")).json()["items"]

    async def is_running() -> bool:
        return bool(await running())

    await until(is_running, what="the start")
    stopped = await terminal.person.post(f"/executions/{(await running())[0]['execution_id']}/stop")
    assert stopped.status_code == 202
    assert (await watched).exit_code == 3


async def test_a_wait_for_a_person_exits_with_four_and_an_approval_lets_it_end(terminal: Terminal) -> None:
    team_id = await team_that_asks(terminal.person)
    waiting = await terminal.renum("run", team_id, "-p", "Analise", "--watch")
    assert (waiting.exit_code, waiting.stdout) == (4, ""), waiting.output
    execution_id = waiting.stderr.split()[-1]
    approval_id, team, member, _, _ = (await terminal.said("approvals", "list")).strip().split("\t")
    assert (team, member) == ("Equipe de Análise", "Bia")
    assert (await terminal.renum("approvals", "approve", approval_id)).exit_code == 0
    assert (await terminal.said("approvals", "list")) == ""
    watched = await terminal.renum("executions", "watch", execution_id)
    assert (watched.exit_code, watched.stdout) == (0, "Feito.\n"), watched.output
    again = await terminal.renum("approvals", "reject", approval_id, "--reason", "Tarde")
    assert (again.exit_code, "Request: " in again.stderr) == (1, True)


async def test_a_name_that_two_teams_have_is_asked_about(terminal: Terminal) -> None:
    agent_id = await terminal.person.agent()
    ids = [await terminal.person.team(agent_id, name=name) for name in ("Vendas", "Vendas Sul", "Vendas Norte")]
    unclear = await terminal.renum("run", "vendas ", "-p", "x")
    assert unclear.exit_code == 2
    assert ids[1] in unclear.stderr
    assert json.loads(await terminal.said("teams", "show", "VENDAS", "--json"))["team_id"] == ids[0]
    assert (await terminal.renum("teams", "show", "Compras")).exit_code == 2


async def test_a_team_survives_export_and_import_and_goes_into_another_as_a_version(
    terminal: Terminal, tmp_path: Path
) -> None:
    agents = [await terminal.person.agent(name=name) for name in ("Ana", "Bia")]
    variables = [{"name": "cidade", "description": "Qual", "default": "no"}]
    team_id = await terminal.person.team(*agents, name="Original", team_config={"variables": variables})
    before = json.loads(await terminal.said("teams", "show", team_id, "--json"))
    file = tmp_path / "team.yaml"
    assert (await terminal.renum("teams", "export", "Original", "-o", str(file))).exit_code == 0
    made = (await terminal.said("teams", "import", str(file), "--name", "Cópia")).strip()
    after = json.loads(await terminal.said("teams", "show", made, "--json"))
    same = ("agent_ids", "workflow_definition", "team_config", "description")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}

    as_json = await terminal.said("teams", "export", "Original", "--json")
    saved = json.loads(await terminal.said("teams", "import", "-", "--into", "Cópia", "--json", stdin=as_json))
    assert (saved["team_id"], saved["version"], saved["name"]) == (made, 2, "Original")


async def test_a_file_that_could_not_run_is_refused_field_by_field(terminal: Terminal) -> None:
    broken = "name: X\nworkflow_definition:\n  type: spiral\n  agents:\n  - agent_id: nobody\n    colour: red\n"
    refused = await terminal.renum("teams", "import", "-", stdin=broken)
    assert refused.exit_code == 1
    assert "workflow_definition.type:" in refused.stderr
    assert "workflow_definition.agents.0.colour:" in refused.stderr
    assert (await terminal.renum("teams", "import", "-", stdin="a: 1\na: 2")).exit_code == 2
    assert (await terminal.renum("teams", "import", "/no/such/file")).exit_code == 2


async def test_executions_are_listed_shown_read_stopped_and_their_result_told(terminal: Terminal) -> None:
    team_id = await terminal.person.team(await terminal.person.agent(name="Bia"))
    execution_id = await terminal.person.execution(team_id)
    await terminal.person.ended(execution_id)
    (row,) = (await terminal.said("executions", "list", "--status", "completed")).splitlines()
    assert row.split("\t")[:3] == [execution_id, "Equipe de Análise", "✓ Completed"]
    assert "Bia\t✓ completed\t1" in await terminal.said("executions", "show", execution_id)
    assert await terminal.said("executions", "result", execution_id) == "Feito.\n"
    lines = await terminal.said("executions", "logs", execution_id)
    assert lines
    assert await terminal.said("executions", "logs", execution_id, "--follow") == lines
    late = await terminal.renum("executions", "stop", execution_id)
    assert (late.exit_code, "Request: " in late.stderr) == (1, True)

    slow = await terminal.person.execution(await terminal.person.team(await terminal.person.agent(rehearsal=SLOW)))
    assert (await terminal.renum("executions", "result", slow)).exit_code == 1  # not finished
    following = asyncio.create_task(terminal.renum("executions", "logs", slow, "--follow", "--json"))
    assert (await terminal.person.post(f"/executions/{slow}/stop")).status_code == 202
    told = [json.loads(line) for line in (await following).stdout.splitlines()]
    stored = (await terminal.person.get(f"/executions/{slow}/logs?limit=1000")).json()["items"]
    assert told == stored
    assert (await terminal.renum("executions", "result", slow)).exit_code == 3


async def test_a_token_without_the_scope_is_told_so(terminal: Terminal, tmp_path: Path) -> None:
    reader = await terminal_of(terminal.person, terminal.url.removeprefix("http://"), tmp_path, scopes=["teams:read"])
    team_id = await terminal.person.team(await terminal.person.agent())
    refused = await reader.renum("run", team_id, "-p", "x")
    assert (refused.exit_code, "executions:run" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("-p", "x", "--var", "novalue"),
        ("-p", "x", "--var", "n:={"),
        (),
        ("-p", "x", "-f", "-"),
        ("-p", "x", "--nonsense"),
    ],
)
async def test_wrong_usage_exits_with_two_and_starts_nothing(terminal: Terminal, words: tuple[str, ...]) -> None:
    team_id = await terminal.person.team(await terminal.person.agent())
    assert (await terminal.renum("run", team_id, *words)).exit_code == 2
    assert (await terminal.person.get("/executions")).json()["total"] == 0
