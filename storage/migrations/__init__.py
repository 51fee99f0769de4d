"""Bringing a file's tables to the version this program speaks."""
