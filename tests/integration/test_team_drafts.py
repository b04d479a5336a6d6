"""Drafts of teams through the front of their service, on both databases."""

from __future__ import annotations

import pytest

from renum_app.errors import NotFound, TooLarge
from renum_app.services import team_drafts
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


async def test_a_draft_is_kept_as_it_was_typed_and_taken_up_where_it_was_left() -> None:
    ana = await factories.user()
    first = await team_drafts.save(ana, None, name="", step=1, content={"typed": {"max_tokens": "muitos"}})
    again = await team_drafts.save(ana, first.draft_id, name="Dupla", step=3, content={"typed": {"max_tokens": "5"}})
    assert again.draft_id == first.draft_id
    found = await team_drafts.get(ana, first.draft_id)
    assert (found.name, found.step, found.content) == ("Dupla", 3, {"typed": {"max_tokens": "5"}})
    assert [draft.draft_id for draft in await team_drafts.list_drafts(ana)] == [first.draft_id]


async def test_a_discarded_draft_is_gone_and_saving_it_once_more_begins_a_new_one() -> None:
    ana = await factories.user()
    draft = await team_drafts.save(ana, None, name="x", step=1, content={})
    await team_drafts.discard(ana, draft.draft_id)
    await team_drafts.discard(ana, draft.draft_id)
    with pytest.raises(NotFound):
        await team_drafts.get(ana, draft.draft_id)
    assert (await team_drafts.save(ana, draft.draft_id, name="x", step=1, content={})).draft_id != draft.draft_id


async def test_nobody_reads_changes_or_discards_the_draft_of_another() -> None:
    ana, bruno = await factories.user(), await factories.user()
    draft = await team_drafts.save(ana, None, name="Minha", step=1, content={"a": 1})
    with pytest.raises(NotFound):
        await team_drafts.get(bruno, draft.draft_id)
    assert (await team_drafts.save(bruno, draft.draft_id, name="Sua", step=1, content={})).draft_id != draft.draft_id
    await team_drafts.discard(bruno, draft.draft_id)
    assert (await team_drafts.get(ana, draft.draft_id)).name == "Minha"


async def test_the_ones_touched_longest_ago_make_room() -> None:
    ana = await factories.user()
    for place in range(team_drafts.MOST_DRAFTS + 2):
        await team_drafts.save(ana, None, name=str(place), step=1, content={})
    names = [draft.name for draft in await team_drafts.list_drafts(ana)]
    assert names == [str(place) for place in range(team_drafts.MOST_DRAFTS + 1, 1, -1)]


async def test_what_no_database_can_hold_is_made_storable_and_what_is_endless_is_refused() -> None:
    ana = await factories.user()
    draft = await team_drafts.save(ana, None, name="a\x00b", step=1, content={"text": "c\x00d \ud800"})
    assert draft.name == "a\ufffdb"
    assert "\x00" not in (await team_drafts.get(ana, draft.draft_id)).content["text"]
    with pytest.raises(TooLarge):
        await team_drafts.save(ana, None, name="", step=1, content={"text": "x" * team_drafts.MOST_CHARS})
