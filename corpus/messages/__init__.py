"""Every word that Pushcart says to people: messages with an id and data, and numbers, dates and lists in four languages.

The id of a message is its English text, with named placeholders as str.format has them; translations are in
corpus/locale. `make messages` collects the ids from code and templates.
"""

from corpus.messages.catalogue import Message, gettext, message, ngettext
from corpus.messages.sentence import Sentence, in_language, plural_sentence, sentence

__all__ = ["Message", "Sentence", "gettext", "in_language", "message", "ngettext", "plural_sentence", "sentence"]
