"""From everything that was offered for a field, choose by rule; keep all of it."""

from nlp.metadata.choosing import Chosen, choose_metadata
from nlp.metadata.dates import parse_date

__all__ = ["Chosen", "choose_metadata", "parse_date"]
