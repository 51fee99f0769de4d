"""The counter's own file: chain, outbox, drafts and the mirror of the register."""

from storage.local.store import SqliteLocalStore, open_local

__all__ = ["SqliteLocalStore", "open_local"]
