"""Schema upgrades of the local store and the hub."""
