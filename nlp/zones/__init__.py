"""What is which part of a page: found once, when a file is read, and kept with its pages.

From fonts, places and repetition over pages where a PDF tells them (`layout`), from words where not (`wording`).
"""

from nlp.zones.finding import with_zones

__all__ = ["with_zones"]
