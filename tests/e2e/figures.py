"""What the pages cost a browser: first load, ten thousand events, and how soon an event is seen.

Run with `make bench-pages`; the figures belong into docs/benchmarks.md.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.conftest import CHROMIUM_FLAGS, chromium_path
from tests.e2e.server import ROOT, RunningServer

LANES = 50
EVENTS = 10_000
WINDOWS = 5
STREAMING = 6

_LCP = """() => new Promise((done) => {
  const observer = new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime));
  observer.observe({ type: "largest-contentful-paint", buffered: true });
})"""
_SCRIPTS = """() => performance.getEntriesByType("resource")
  .filter((each) => each.name.endsWith(".js")).reduce((sum, each) => sum + each.encodedBodySize, 0)"""
_SCROLL = """async (selector) => {
  const box = selector ? document.querySelector(selector) : document.scrollingElement;
  box.scrollTop = 0;
  const frames = [];
  const begin = performance.now();
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now);
      box.scrollTop += 60;
      if (now - begin < 3000) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  const gaps = frames.slice(1).map((at, place) => at - frames[place]).sort((a, b) => a - b);
  const fps = (frames.length - 1) / ((frames.at(-1) - frames[0]) / 1000);
  return { fps: Math.round(fps), frame_p95_ms: Math.round(gaps[Math.floor(gaps.length * 0.95)]) };
}"""
_SEEN = """() => {
  window.seen = [];
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      if (!String(given[0]).includes("/monitor")) return;
      const opened = Date.now();
      this.addEventListener("message", ({ data }) => {
        const told = JSON.parse(data);
        for (const message of told.messages ?? [told]) {
          if (!message.seq || Date.parse(message.timestamp) < opened) continue; // what was there before
          // The page draws in the frame after this one; the one after that has it on the screen.
          const note = () => window.seen.push(Date.now() - Date.parse(message.timestamp));
          requestAnimationFrame(() => requestAnimationFrame(note));
        }
      });
    }
  };
}"""


async def main() -> None:
    subprocess.run([sys.executable, "-m", "renum_app.cli", "build"], cwd=ROOT, check=True)  # noqa: ASYNC221
    server = RunningServer(Path(tempfile.mkdtemp()) / "data")
    server.start()
    try:
        async with async_playwright() as playwright:
            path = chromium_path(playwright.chromium.executable_path)
            browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            for told in (_first_load(browser, server.url), _long_log(browser, server), _seen(browser, server.url)):
                print(json.dumps(await told))  # noqa: T201 (the script's result)
    finally:
        server.stop()


async def _first_load(browser: Browser, url: str) -> dict[str, Any]:
    paints = []
    for _ in range(5):
        context = await browser.new_context(base_url=url, locale="pt-BR", viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        await page.goto("/login", wait_until="load")
        await page.wait_for_timeout(500)
        paints.append(await page.evaluate(_LCP))
        scripts = await page.evaluate(_SCRIPTS)
        await context.close()
    return {"login_script_kb": round(scripts / 1024), "login_lcp_ms": round(sorted(paints)[2])}


async def _long_log(browser: Browser, server: RunningServer) -> dict[str, Any]:
    client = Client(server.url)
    agents = [client.rehearsal_agent(f"Agente {place}", seconds=0.1) for place in range(LANES)]
    execution = client.wait(client.execute(client.team(*agents, kind="parallel", name="Cinquenta")))["execution_id"]
    lengthen(server.data_dir / "renum.db", execution)
    context, page = await _window(browser, client)
    begun = []
    for _ in range(3):
        await page.goto("/executions")
        await page.wait_for_timeout(500)
        began = asyncio.get_running_loop().time()
        await page.goto(f"/executions/{execution}")
        await page.locator(".run-lane[data-status=completed]").nth(LANES - 1).wait_for()
        await page.locator(".run-log-line").first.wait_for()
        begun.append(asyncio.get_running_loop().time() - began)
    told = {
        "events": len(client.events(execution)),
        "lanes": LANES,
        "interactive_s": round(sorted(begun)[1], 2),
        "log_scroll": await page.evaluate(_SCROLL, ".run-log-card .run-scroll"),
        "score_scroll": await page.evaluate(_SCROLL, ".run-score"),
        "look_back_ms": await _look_back(page),
    }
    await context.close()
    return told


async def _look_back(page: Page) -> float:
    """From a jump on the slider until the page shows that moment; the first one folds half of the log."""
    return await page.evaluate(
        """async () => {
          const slider = document.querySelector(".run-transport input");
          const begin = performance.now();
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(slider, "500");
          slider.dispatchEvent(new Event("input", { bubbles: true }));
          while (!document.querySelector(".run-past")) await new Promise(requestAnimationFrame);
          return Math.round(performance.now() - begin);
        }"""
    )


async def _seen(browser: Browser, url: str) -> dict[str, Any]:
    client = Client(url)
    words = " ".join(f"palavra{number}" for number in range(700))
    agents = [client.rehearsal_agent(f"Voz {place}", reply=words, seconds=20) for place in range(STREAMING)]
    windows = [await _window(browser, client) for _ in range(WINDOWS)]
    execution = client.execute(client.team(*agents, kind="parallel"))
    for _, page in windows:
        await page.add_init_script(f"({_SEEN})()")
        await page.goto(f"/executions/{execution}", wait_until="commit")
    await asyncio.to_thread(client.wait, execution)
    delays = sorted([delay for _, page in windows for delay in await page.evaluate("window.seen")])
    for context, _ in windows:
        await context.close()
    return {
        "seen": len(delays),
        "seen_p50_ms": delays[len(delays) // 2],
        "seen_p95_ms": delays[int(len(delays) * 0.95)],
    }


async def _window(browser: Browser, client: Client) -> tuple[BrowserContext, Page]:
    url = str(client.http.base_url).partition("/api/")[0]
    context = await browser.new_context(base_url=url, locale="pt-BR", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await sign_in(page, client)
    return context, page


def lengthen(database: Path, execution_id: str) -> None:
    """Write pieces of text into a stored log until it has all those events, spread over ten minutes."""
    with sqlite3.connect(database) as connection:
        key = execution_id.replace("-", "")
        rows = connection.execute(
            "select kind, data from renum_execution_events where execution_id = ? order by seq", [key]
        ).fetchall()
        starts = sum(kind == "attempt_started" for kind, _ in rows)
        each, spare = divmod(EVENTS - len(rows), starts)
        told: list[tuple[str, str]] = []
        for kind, data in rows:
            told.append((kind, data))
            if kind == "attempt_started":
                told += _pieces(json.loads(data), each + (spare > 0))
                spare -= 1
        begin = datetime.now(UTC) - timedelta(minutes=10)
        pause = timedelta(minutes=10) / len(told)
        connection.execute("delete from renum_execution_events where execution_id = ?", [key])
        connection.executemany(
            "insert into renum_execution_events (execution_id, seq, kind, timestamp, data) values (?, ?, ?, ?, ?)",
            [
                (key, seq, kind, (begin + seq * pause).strftime("%Y-%m-%d %H:%M:%S.%f"), data)
                for seq, (kind, data) in enumerate(told, start=1)
            ],
        )
        connection.execute("update renum_team_executions set last_seq = ? where execution_id = ?", [len(told), key])


def _pieces(start: dict[str, Any], count: int) -> list[tuple[str, str]]:
    text = "uma frase que o agente escreve, "
    named = {"agent_id": start["agent_id"], "step_id": start["step_id"], "attempt": start["attempt"]}
    return [
        ("text_streamed", json.dumps({**named, "offset": place * len(text), "delta": text})) for place in range(count)
    ]


if __name__ == "__main__":
    asyncio.run(main())
