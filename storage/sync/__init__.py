"""Operations up, the feed down."""

from storage.sync.hub_client import HubClient, InProcessHub
from storage.sync.line import Line

__all__ = ["HubClient", "InProcessHub", "Line"]
