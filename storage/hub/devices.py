"""Devices known to the hub: the end of each chain, the windows each owns, and which are in quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from counter_tui.operations.envelope import FIRST
from storage.hub.tables import devices, windows
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


_OWNER = Prepared(
    select(windows.c.device_id).where(windows.c.bureau_id == bindparam("of"), windows.c.window == bindparam("at"))
)


class DeviceState(StrEnum):
    """Whether the hub takes what a device sends."""

    ACTIVE = "active"
    QUARANTINED = "quarantined"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A counter host as the hub knows it."""

    id: str
    state: DeviceState
    expected_seq: int
    head_hash: str
    trouble: str


def known(connection: Connection, bureau: str, device: str) -> Device | None:
    """A device, held until the commit."""
    row = connection.execute(
        select(devices.c.state, devices.c.expected_seq, devices.c.head_hash, devices.c.trouble)
        .where(devices.c.bureau_id == bureau, devices.c.device_id == device)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return Device(
        id=device,
        state=DeviceState(row.state),
        expected_seq=row.expected_seq,
        head_hash=row.head_hash,
        trouble=row.trouble,
    )


def enrol(connection: Connection, bureau: str, device: str, owned: Iterable[str]) -> None:
    """Register a device, if it is new, and give it windows."""
    if known(connection, bureau, device) is None:
        connection.execute(
            devices.insert().values(
                bureau_id=bureau,
                device_id=device,
                state=DeviceState.ACTIVE.value,
                expected_seq=1,
                head_hash=FIRST,
                last_seen="",
                trouble="",
            )
        )
    for window in owned:
        here = (windows.c.bureau_id == bureau, windows.c.window == window)
        if not connection.execute(windows.update().where(*here).values(device_id=device)).rowcount:
            connection.execute(windows.insert().values(bureau_id=bureau, window=window, device_id=device))


def advance(connection: Connection, bureau: str, device: str, *, expected: int, head: str, at: str) -> None:
    """Note how far a device's chain is known."""
    connection.execute(
        devices.update()
        .where(devices.c.bureau_id == bureau, devices.c.device_id == device)
        .values(expected_seq=expected, head_hash=head, last_seen=at)
    )


def set_state(connection: Connection, bureau: str, device: str, state: DeviceState, trouble: str) -> None:
    """Quarantine, release or retire a device."""
    connection.execute(
        devices.update()
        .where(devices.c.bureau_id == bureau, devices.c.device_id == device)
        .values(state=state.value, trouble=trouble)
    )


def owner(connection: Connection, bureau: str, window: str) -> str | None:
    """The device that owns a window."""
    found: str | None = _OWNER.scalar(connection, of=bureau, at=window)
    return found
