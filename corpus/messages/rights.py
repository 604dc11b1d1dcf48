"""What is shown of a document, and why, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message
from corpus.rights import Ground, Rights, Show

_WHOLE: Mapping[Ground, Message] = {
    Ground.THIS_MACHINE: message("The whole text is shown: this server only answers on this machine."),
    Ground.SETTING: message("The whole text is shown, because of a setting of this server."),
    Ground.OWN: message("The whole text is shown: the owner of this collection added it."),
    Ground.SAMPLE: message("The whole text is shown: it was written for Pushcart."),
    Ground.SOURCE_FILE: message("The whole text is shown: the rules of its source say so."),
    Ground.LICENCE: message("The whole text is shown: its licence, {licence}, allows it."),
    Ground.SOURCE_LICENCE: message("The whole text is shown: the licence of its source, {licence}, allows it."),
}
_PASSAGES: Mapping[Ground, Message] = {
    Ground.SOURCE_FILE: message("Only passages around your words are shown: the rules of its source say so."),
    Ground.COMMERCIAL: message(
        "Only passages around your words are shown: its licence, {licence}, allows more only for non-commercial use."
    ),
    Ground.RESERVED: message("Only passages around your words are shown: all rights are reserved."),
    Ground.UNKNOWN: message("Only passages around your words are shown: its licence is unknown."),
    Ground.UNDECLARED: message(
        "Only passages around your words are shown: the rules of its source cannot be read at the moment."
    ),
}


def rights_in_words(rights: Rights, *, lang: str = "en") -> str:
    """Return in one sentence what is shown of a document, and why."""
    table = _PASSAGES if rights.show is Show.SNIPPET else _WHOLE
    found = table[rights.ground]
    if "{licence}" in found:
        return gettext(found, licence=rights.licence, lang=lang)
    return gettext(found, lang=lang)
