"""Backends of the key port."""
