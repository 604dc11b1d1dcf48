"""JSON APIs, read by a mapping."""
