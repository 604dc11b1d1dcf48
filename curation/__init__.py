"""What people change by hand: who they are, what they decide, and the log of it."""

from corpus.people import Person
from curation.people import authorised

__all__ = ["Person", "authorised"]
