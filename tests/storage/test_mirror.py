"""Own pending work over the mirror, and how the feed takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.local.mirror import lay_over, take_in
from storage.local.tables import covered_rows, pending_effects
from storage.register.fingerprint import fingerprint
from tests.storage.bureau import BUREAU, person

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from counter_tui.domain.people import Person
    from storage.local import SqliteLocalStore


async def over(store: SqliteLocalStore, dev_seq: int, *effects: Any) -> None:
    await store.change(lambda connection: lay_over(connection, BUREAU, dev_seq, effects))


async def fed(store: SqliteLocalStore, *effects: Any, own: int | None = None) -> None:
    await store.change(lambda connection: take_in(connection, BUREAU, effects, own=own))


async def shown(store: SqliteLocalStore, number: str) -> str | None:
    found: Person | None = await store.read(lambda look: look.register.person(number))
    return found.name if found else None


async def overlay(store: SqliteLocalStore) -> int:
    def rows(connection: Connection) -> int:
        return len(connection.execute(select(covered_rows.c.key)).all()) + len(
            connection.execute(select(pending_effects.c.key)).all()
        )

    return await store.look(rows)


async def test_a_pending_change_is_seen_at_once_and_gone_when_the_hub_refused_it(store: SqliteLocalStore) -> None:
    await fed(store, person("0001", "张三丰"))
    before = await store.look(lambda connection: fingerprint(connection, BUREAU))
    await over(store, 1, person("0001", "李四光"), person("0002", "王五"))
    assert [await shown(store, number) for number in ("0001", "0002")] == ["李四光", "王五"]
    assert [found.number for found in await store.read(lambda look: look.find_persons("四光"))] == ["0001"]
    await fed(store, own=1)
    assert [await shown(store, number) for number in ("0001", "0002")] == ["张三丰", None]
    assert await store.read(lambda look: look.find_persons("四光")) == []
    assert await store.look(lambda connection: fingerprint(connection, BUREAU)) == before
    assert await overlay(store) == 0


async def test_the_overlay_goes_when_its_feed_row_comes(store: SqliteLocalStore) -> None:
    await over(store, 1, person("0001", "李四光"))
    await fed(store, person("0001", "李四光", phone="1"), own=1)
    found = await store.read(lambda look: look.register.person("0001"))
    assert found == person("0001", "李四光", phone="1")
    assert await overlay(store) == 0


async def test_what_others_changed_meanwhile_shows_only_when_nothing_own_covers_it(store: SqliteLocalStore) -> None:
    await fed(store, person("0001", "甲"))
    await over(store, 1, person("0001", "乙"))
    await over(store, 2, person("0001", "丙"))
    await fed(store, person("0001", "丁"))
    assert await shown(store, "0001") == "丙"
    await fed(store, person("0001", "乙"), own=1)
    assert await shown(store, "0001") == "丙"
    await fed(store, own=2)
    assert await shown(store, "0001") == "乙"
    assert await overlay(store) == 0


async def test_of_two_pending_changes_the_later_is_shown_when_the_earlier_fails(store: SqliteLocalStore) -> None:
    await over(store, 1, person("0001", "甲"))
    await over(store, 2, person("0001", "乙"))
    await fed(store, own=1)
    assert await shown(store, "0001") == "乙"
    await fed(store, own=2)
    assert await shown(store, "0001") is None


async def test_many_pending_effects_are_laid_and_lifted_alike(store: SqliteLocalStore) -> None:
    before = await store.look(lambda connection: fingerprint(connection, BUREAU))
    people = [person(f"{number:04}", f"人{number}") for number in range(300)]
    await over(store, 1, *people)
    await over(store, 2, *people[:150])
    await fed(store, own=1)
    assert await shown(store, "0149") == "人149"
    assert await shown(store, "0150") is None
    await fed(store, own=2)
    assert await store.look(lambda connection: fingerprint(connection, BUREAU)) == before
