"""One module per document family."""
