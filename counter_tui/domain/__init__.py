"""Pure values and entities of the counter."""
