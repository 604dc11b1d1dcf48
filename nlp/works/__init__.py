"""Which documents are copies, translations, editions and extracts of each other. Begin with `relating`.

*Useful for* a new kind of evidence (`profiles`, `markers`, `pairs`, `issues`, `classify`, `translations`). *Not useful for* which
documents stand together in a group: that follows from all relations and people's decisions, in corpus/work_groups.py.
"""

from nlp.works.relating import RELATED_BY, relate, relate_waiting

__all__ = ["RELATED_BY", "relate", "relate_waiting"]
