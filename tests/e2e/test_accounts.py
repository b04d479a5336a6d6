"""A forgotten password and a second step, in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import pytest
from playwright.async_api import Page, expect
from pyotp.totp import TOTP

from tests.e2e.browser import sign_in
from tests.e2e.client import PASSWORD, Client
from tests.e2e.server import ROOT, RunningServer

pytestmark = pytest.mark.e2e

NEW = "slow boats at first light"


def _renum(server: RunningServer, *words: str) -> str:
    environment = {**os.environ, "PORT": str(server.port), "RENUM_DATA_DIR": str(server.data_dir), **server.environment}
    command = [sys.executable, "-m", "renum_app.cli", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1]


async def test_a_second_step_is_turned_on_asked_for_and_survives_a_forgotten_password(
    page: Page, server: RunningServer
) -> None:
    client = Client(server.url)
    await sign_in(page, client)
    await page.goto("/settings/security")
    await page.get_by_role("button", name="Ligar", exact=True).click()
    await page.get_by_label("Sua senha").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".qr svg")).to_be_visible()
    app = TOTP((await page.locator("code.mono").inner_text()).replace(" ", ""))
    await page.get_by_label("2. Digite o código que ele mostra").fill(app.at(int(time.time()) - 30))
    await page.keyboard.press("Enter")
    await expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery = await page.locator(".recovery-codes li").first.inner_text()
    await page.get_by_role("button", name="Guardei").click()
    await expect(page.get_by_text("Restam 10 códigos de recuperação.")).to_be_visible()

    # The password is forgotten, and somebody with a shell makes a link.
    await page.context.clear_cookies()
    await page.goto("/login")
    await page.get_by_role("link", name="Esqueci a senha").click()
    await expect(page.get_by_text("renum admin reset-link EMAIL")).to_be_visible()
    link = _renum(server, "admin", "reset-link", client.email)
    await page.goto(re.sub(r"^http://localhost:\d+", "", link))
    await page.get_by_label("Senha nova").fill("password123456")
    await page.get_by_role("button", name="Salvar senha").click()
    await expect(page.get_by_role("alert").first).to_be_visible()
    await page.get_by_label("Senha nova").fill(NEW)
    await page.get_by_role("button", name="Salvar senha").click()
    await expect(page.get_by_text("Senha nova salva. Entre com ela.")).to_be_visible()

    await page.fill("input[name=email]", client.email)
    await page.fill("input[name=password]", NEW)
    await page.get_by_role("button", name="Entrar", exact=True).click()
    await page.wait_for_url(re.compile(r"/login/code/?$"))
    await page.get_by_label("Código").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").first).to_contain_text("O código está errado")
    await page.get_by_label("Código").fill(recovery)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{server.url}/")
    assert await page.evaluate("document.cookie.includes('renum_session')") is False

    # Everything of theirs can be taken along.
    await page.goto("/settings/data")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Baixar arquivo").click()
    assert (await download.value).suggested_filename.startswith("renum-")
