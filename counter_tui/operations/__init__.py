"""The rules that counter and hub share."""
