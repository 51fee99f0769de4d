"""What the clerk sees and types."""
