"""Tables of the counter's own file beside the mirror: chain, outbox, overlay, drafts, prints."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, SmallInteger, Table, Text

local = MetaData()
"""What only the counter's file holds."""

host = Table(
    "host",
    local,
    Column("one", SmallInteger(), primary_key=True, autoincrement=False),
    Column("bureau_id", Text(), nullable=False),
    Column("device_id", Text(), nullable=False),
    Column("head_seq", BigInteger(), nullable=False),
    Column("head_hash", Text(), nullable=False),
    Column("audit_chain", Text(), nullable=False),
    Column("cursor", BigInteger(), nullable=False),
    Column("epoch", BigInteger(), nullable=False),
    Column("frontier", Text(), nullable=False),
    Column("synced_at", Text(), nullable=False),
)
"""The one row of this device: end of its chain, position in the feed, last reply of the hub."""

journal = Table(
    "journal",
    local,
    Column("dev_seq", BigInteger(), primary_key=True, autoincrement=False),
    Column("op_id", Text(), nullable=False, unique=True),
    Column("window", Text(), nullable=False),
    Column("acceptance_number", Text(), nullable=False),
    Column("envelope", LargeBinary(), nullable=False),
    Index("journal_by_acceptance_number", "acceptance_number"),
)

outbox = Table(
    "outbox",
    local,
    Column("dev_seq", BigInteger(), primary_key=True, autoincrement=False),
    Column("op_id", Text(), nullable=False, unique=True),
    Column("delivery", Text(), nullable=False),
    Column("fed", SmallInteger(), nullable=False),
    Column("outcome", Text()),
    Column("tries", BigInteger(), nullable=False),
    Column("trouble", Text(), nullable=False),
    Column("next_try", Text()),
    Column("seen", SmallInteger(), nullable=False),
    Column("made_at", Text(), nullable=False),
    Index("outbox_by_delivery", "delivery", "seen"),
)

audit_leaves = Table(
    "audit_leaves",
    local,
    Column("dev_seq", BigInteger(), primary_key=True, autoincrement=False),
    Column("leaf", Text(), nullable=False),
    Column("chain", Text(), nullable=False),
)

acceptance_sequences = Table(
    "acceptance_sequences",
    local,
    Column("window", Text(), primary_key=True),
    Column("date", Text(), nullable=False),
    Column("last", BigInteger(), nullable=False),
)

pending_effects = Table(
    "pending_effects",
    local,
    Column("dev_seq", BigInteger(), primary_key=True, autoincrement=False),
    Column("place", BigInteger(), primary_key=True, autoincrement=False),
    Column("record", Text(), nullable=False),
    Column("key", Text(), nullable=False),
    Column("effect", Text(), nullable=False),
    Index("pending_effects_by_key", "record", "key"),
)
"""Effects of own operations whose feed row has not come down (待同步)."""

covered_rows = Table(
    "covered_rows",
    local,
    Column("record", Text(), primary_key=True),
    Column("key", Text(), primary_key=True),
    Column("effect", Text()),
)
"""What the hub says of a row that a pending effect covers; null when the hub knows no such row."""

held_operations = Table(
    "held_operations",
    local,
    Column("op_id", Text(), primary_key=True),
    Column("pos", BigInteger(), nullable=False),
    Column("op_hash", Text(), nullable=False),
    Column("envelope", LargeBinary(), nullable=False),
    Column("outcome", Text(), nullable=False),
)
"""Operations of the whole bureau that the hub holds, by whichever device they were made."""

drafts = Table(
    "drafts",
    local,
    Column("operator", Text(), primary_key=True),
    Column("function", Text(), primary_key=True),
    Column("draft", Text(), nullable=False),
)

prints = Table(
    "prints",
    local,
    Column("id", Text(), primary_key=True),
    Column("document", Text(), nullable=False),
    Column("serial", Text(), nullable=False),
    Column("nth", BigInteger(), nullable=False),
    Column("print", Text(), nullable=False),
    Index("prints_by_serial", "document", "serial"),
)

settings = Table(
    "settings",
    local,
    Column("name", Text(), primary_key=True),
    Column("value", Text(), nullable=False),
)

operators = Table(
    "operators",
    local,
    Column("number", Text(), primary_key=True),
    Column("operator", Text(), nullable=False),
)
"""Operators of the bureau as the feed told them."""
