"""The hub: ingest, decide, feed."""
