"""HTML pages that list publications."""
