"""Ways on which people are told."""
