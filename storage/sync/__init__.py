"""Push, pull and the port to the hub."""
