"""From everything that was offered for a field, choose by rule; keep all of it."""

from nlp.metadata.select import Chosen, choose_metadata

__all__ = ["Chosen", "choose_metadata"]
