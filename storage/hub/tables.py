"""Tables of the hub beside the register: operations, feed, devices, windows, operators, founding codes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

hub = MetaData()
"""What only the hub holds."""

operations = Table(
    "operations",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("op_id", Text(), primary_key=True),
    Column("device_id", Text(), nullable=False),
    Column("dev_seq", BigInteger(), nullable=False),
    Column("op_hash", Text(), nullable=False),
    Column("acceptance_number", Text(), nullable=False),
    Column("item_no", BigInteger(), nullable=False),
    Column("envelope", LargeBinary(), nullable=False),
    Column("status", Text(), nullable=False),
    Column("outcome", Text(), nullable=False),
    Column("unit_ver", BigInteger(), nullable=False),
    Column("pos", BigInteger(), nullable=False),
    Column("received_at", Text(), nullable=False),
    Index("operations_by_place", "bureau_id", "device_id", "dev_seq", unique=True),
    Index("operations_by_acceptance_number", "bureau_id", "acceptance_number", "item_no"),
    Index("operations_by_status", "bureau_id", "status"),
)

feed = Table(
    "feed",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("pos", BigInteger(), primary_key=True, autoincrement=False),
    Column("row", Text(), nullable=False),
    Column("leaf", Text(), nullable=False),
)

feed_head = Table(
    "feed_head",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("epoch", BigInteger(), nullable=False),
    Column("pos", BigInteger(), nullable=False),
    Column("frontier", Text(), nullable=False),
    Column("root", Text(), nullable=False),
)
"""One row for each bureau; whoever appends to the feed holds it until the commit."""

devices = Table(
    "devices",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("device_id", Text(), primary_key=True),
    Column("state", Text(), nullable=False),
    Column("expected_seq", BigInteger(), nullable=False),
    Column("head_hash", Text(), nullable=False),
    Column("last_seen", Text(), nullable=False),
    Column("trouble", Text(), nullable=False),
)

windows = Table(
    "windows",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("window", Text(), primary_key=True),
    Column("device_id", Text(), nullable=False),
)
"""Each window number belongs to one device at a time."""

founding_codes = Table(
    "founding_codes",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("role", Text(), primary_key=True),
    Column("code", Text(), nullable=False),
)
"""The one-time code for each of the first posts of a bureau, as JSON with the code itself hashed."""

operators = Table(
    "operators",
    hub,
    Column("bureau_id", Text(), primary_key=True),
    Column("number", Text(), primary_key=True),
    Column("operator", Text(), nullable=False),
)
