"""One generic spider for each protocol; none for a single source."""
