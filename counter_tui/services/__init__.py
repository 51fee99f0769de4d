"""Use cases, one callable each, and their ports."""
