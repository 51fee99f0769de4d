"""Business functions, declared once."""
