"""What is said of a parameter that cannot be used: the errors of search_api.query.parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.errors import BadQuery
from corpus.messages import Message, Sentence, message, sentence
from corpus.messages.formats import listed
from search_api.query.fuzzy import nearest

_ALLOWED: Mapping[str, Message] = {
    "country": message("a country is an ISO 3166 code or a name, such as PER or Peru"),
    "region": message("a region is a name or an id of the vocabulary, such as Latin America, 419 or wb:SSA"),
    "sector": message("a sector is an id of the vocabulary"),
    "group": message("a worker group is an id of the vocabulary such as street_vendors"),
    "topic": message("a topic is an id of the vocabulary such as social_protection"),
    "source": message("a source is the slug of one that is listed under sources"),
}


def cannot_be(parameter: str, value: str, *, try_next: Sentence) -> BadQuery:
    """Return the error of a value that a parameter does not take; the value is shown, cut if it is long."""
    text = sentence("{parameter} cannot be {value}.", parameter=parameter, value=repr(value[:40]))
    return BadQuery(text, try_next=try_next, parameter=parameter)


def unknown_parameter(parameter: str, *, known: Sequence[str]) -> BadQuery:
    """Return the error of a parameter that no search has, with the name that was perhaps meant."""
    near = nearest(parameter, {name: (name,) for name in known})
    every = ", ".join(known)
    return BadQuery(
        sentence("Unknown parameter: {parameter}.", parameter=repr(parameter[:40])),
        try_next=sentence("Did you mean {names}?", names=near[0])
        if near
        else sentence("Available: {names}.", names=every),
        parameter=parameter[:40],
    )


def no_such_value(parameter: str, value: str, *, near: Sequence[str]) -> BadQuery:
    """Return the error of a concept or source that there is not, with those that were perhaps meant."""
    text = sentence(
        "{parameter} cannot be {value}: {allowed}.",
        parameter=parameter,
        value=repr(value[:60]),
        allowed=Sentence(_ALLOWED[parameter], "", {}),
    )
    hint = (
        sentence("Did you mean {names}?", names=listed(near)) if near else sentence("The vocabulary lists all of them.")
    )
    return BadQuery(text, try_next=hint, parameter=parameter)
