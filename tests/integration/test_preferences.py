"""What a person has chosen of the pages' looks, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renum_app.models.preference import Preference
from renum_app.services import preferences
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


async def test_what_one_person_chooses_stays_with_them_alone() -> None:
    ana, bruno = await factories.user(), await factories.user()
    assert await preferences.of(ana) == Preference()
    await preferences.keep(ana, Preference(language="en", theme="dark"))
    assert await preferences.of(ana) == Preference(language="en", theme="dark")
    assert await preferences.of(bruno) == Preference()


async def test_the_demo_belongs_to_everybody_and_keeps_nothing() -> None:
    demo = replace(await factories.user(is_demo=True), is_demo=True)
    await preferences.keep(demo, Preference(language="en"))
    assert await preferences.of(demo) == Preference()
