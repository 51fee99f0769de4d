"""The counter's own file: journal, outbox, drafts, mirror."""
