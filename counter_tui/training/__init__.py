"""The training city: invented employers and people with a history, the same for the same seed."""
