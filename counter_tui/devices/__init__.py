"""Keys, card readers and printers behind ports."""
