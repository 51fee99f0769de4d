"""The hub: decides operations, keeps the register and tells what became of it."""

from storage.hub.ingest import Hub
from storage.hub.judging import Judge, Verify
from storage.hub.opening import open_hub

__all__ = ["Hub", "Judge", "Verify", "open_hub"]
