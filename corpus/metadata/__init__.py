"""What offered values are worth: how each is spelled plainly, which is none at all, and where places disagree."""

from corpus.metadata.dates import parse_date
from corpus.metadata.disagreements import COMPARED_FIELDS, Disagreement, disagreements

__all__ = ["COMPARED_FIELDS", "Disagreement", "disagreements", "parse_date"]
