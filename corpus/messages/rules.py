"""Why a tag was given, in words: `term: street vendor (title)`."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message
from corpus.tag_rules import Rule, RuleKind, Zone
from corpus.types import TagEvidence

_KINDS: Mapping[RuleKind, Message] = {
    RuleKind.TERM: message("term: {text}"),
    RuleKind.WEAK_TERM: message("weak term: {text}"),
    RuleKind.ACTIVITY: message("activity: {text}"),
    RuleKind.RECORD: message("record: {text}"),
    RuleKind.NAME: message("name: {text}"),
    RuleKind.DEMONYM: message("demonym: {text}"),
    RuleKind.CITY: message("city: {text}"),
    RuleKind.SUBDIVISION: message("subdivision: {text}"),
    RuleKind.SURVEY: message("survey: {text}"),
    RuleKind.INSTITUTION: message("institution: {text}"),
    RuleKind.CURRENCY: message("currency: {text}"),
    RuleKind.REGION: message("region: {text}"),
    RuleKind.ADDED: message("added by a person"),
    RuleKind.ACCEPTED: message("confirmed by a person"),
}
_REASONS: Mapping[RuleKind, Message] = {
    RuleKind.TERM: message("“{words}” is a term for “{label}”."),
    RuleKind.WEAK_TERM: message("“{words}” can mean “{label}”, and the rest of the text confirms it."),
    RuleKind.ACTIVITY: message("“{words}” describes work that belongs to “{label}”."),
    RuleKind.NAME: message("“{words}” is a name of “{label}”."),
    RuleKind.DEMONYM: message("“{words}” refers to people or things of “{label}”."),
    RuleKind.CITY: message("“{words}” is a place in “{label}”."),
    RuleKind.SUBDIVISION: message("“{words}” is a place in “{label}”."),
    RuleKind.SURVEY: message("“{words}” is a survey of “{label}”."),
    RuleKind.INSTITUTION: message("“{words}” is an institution of “{label}”."),
    RuleKind.CURRENCY: message("“{words}” is the currency of “{label}”."),
    RuleKind.REGION: message("“{words}” is a name of “{label}”."),
    RuleKind.OTHER: message("“{words}” indicates “{label}”."),
}
_ZONES: Mapping[Zone, Message] = {
    Zone.TITLE: message("title"),
    Zone.ABSTRACT: message("abstract"),
    Zone.KEYWORDS: message("keywords"),
    Zone.HEADING: message("heading"),
    Zone.BODY: message("body"),
    Zone.CONTENTS: message("contents"),
    Zone.REFERENCES: message("references"),
    Zone.IMPRINT: message("imprint"),
    Zone.BOILERPLATE: message("boilerplate"),
    Zone.MASTHEAD: message("masthead"),
    Zone.MENU: message("menu"),
    Zone.TEASER: message("teaser"),
    Zone.RUNNING: message("running head"),
    Zone.CAPTION: message("caption"),
    Zone.FOOTNOTE: message("footnote"),
    Zone.TABLE: message("table"),
    Zone.FIGURE: message("figure"),
    Zone.ANNEX: message("annex"),
}


def rule_in_words(rule: Rule, *, lang: str = "en") -> str:
    """Return kind and text of a rule: `term: street vendor`; the zone is distinguished, by `zone_in_words`."""
    if rule.kind is RuleKind.OTHER:
        return rule.text
    return gettext(_KINDS[rule.kind], lang=lang, text=rule.text)


def tag_reason_in_words(evidence: TagEvidence, *, label: str, lang: str = "en") -> str:
    """Return why a place indicates a tag, as one sentence for readers: without the patterns of the vocabulary.

    Args:
        evidence: the place.
        label: of the tag's concept, in the same language.
        lang: en, es, fr or pt.
    """
    kind, words = evidence.rule.kind, " ".join(evidence.words.split())
    if kind in (RuleKind.ADDED, RuleKind.ACCEPTED):
        said = rule_in_words(evidence.rule, lang=lang)
        return f"{said[:1].upper()}{said[1:]}."
    if kind is RuleKind.RECORD or not words:
        return gettext("The record of the source names “{label}”.", lang=lang, label=label)
    return gettext(_REASONS[kind], lang=lang, words=words, label=label)


def zone_in_words(zone: Zone, *, lang: str = "en") -> str:
    """Return the name of a part of a document: `title`."""
    return gettext(_ZONES[zone], lang=lang)


def rule_with_zone(rule: Rule, *, lang: str = "en") -> str:
    """Return a rule with its zone where it has one: `term: street vendor (title)`."""
    words = rule_in_words(rule, lang=lang)
    return f"{words} ({zone_in_words(rule.zone, lang=lang)})" if rule.zone else words
