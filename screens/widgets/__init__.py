"""Fields, lists and bars."""
