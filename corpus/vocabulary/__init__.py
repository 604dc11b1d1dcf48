"""The concepts with which documents and queries are tagged: reviewed data files, and the loader."""

from corpus.vocabulary.loader import load_vocabulary, translation_rows, vocabulary_version
from corpus.vocabulary.model import ANY_LANGUAGE, Activity, Concept, Strength, Term, TreeNode
from corpus.vocabulary.vocabulary import Vocabulary

__all__ = [
    "ANY_LANGUAGE",
    "Activity",
    "Concept",
    "Strength",
    "Term",
    "TreeNode",
    "Vocabulary",
    "load_vocabulary",
    "translation_rows",
    "vocabulary_version",
]
