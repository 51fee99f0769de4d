"""Every byte that is kept."""
