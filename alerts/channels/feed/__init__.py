"""Feeds of a search, as Atom and as JSON Feed: the same entries under the same ids, page by page."""
