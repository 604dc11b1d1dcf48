"""Which saved searches new documents match, why, and why not: from the tokens that both engines index, without an engine."""

from alerts.matching.matcher import Matcher, SearchMatch
from alerts.matching.reasons import Reason
from alerts.matching.searches import SavedSearch
from alerts.matching.why_not import Explanation, Lack, LackKind, in_words, why

__all__ = ["Explanation", "Lack", "LackKind", "Matcher", "Reason", "SavedSearch", "SearchMatch", "in_words", "why"]
