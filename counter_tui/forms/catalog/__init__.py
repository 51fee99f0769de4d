"""The business functions themselves, one module per group of the menu."""
