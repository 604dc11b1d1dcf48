"""The hits of `pushcart search` on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape

from corpus.messages import gettext, ngettext
from corpus.messages.values import facet_in_sentence
from corpus.types import Document, Facet
from corpus.vocabulary import Vocabulary
from pushcart.console import documents_in_words, note, out
from search_api.answers.results import Hit, NamedConcept, Results
from search_api.answers.snippets import Snippet
from search_api.answers.suggestions import Suggestion
from search_api.query.translations import SWITCH


def print_hits(results: Results, *, ways: Sequence[Suggestion], vocabulary: Vocabulary) -> None:
    """Print how a search was understood, its hits, how many there are, and searches that find more."""
    for remark in results.query.notes:
        note(remark)
    if understood := _understood(results):
        note(understood)
    if not results.hits and not results.total:
        out.print(gettext("No document matches. `pushcart status` shows what the collection contains."))
    elif not results.total:
        out.print(gettext("No document matches everything; these match most of it."))
    for place, hit in enumerate(results.hits, start=1):
        _print_hit(hit, place=place, vocabulary=vocabulary)
    if results.hits:
        found = documents_in_words(results.total)
        if results.documents > results.total:
            works = ngettext("{count} work", "{count} works", results.total)
            found = f"{works} {ngettext('in {count} document', 'in {count} documents', results.documents)}"
        if results.near:
            found += ngettext(", and {count} partial match", ", and {count} partial matches", results.near)
        out.print(gettext("{found}, in {milliseconds} ms.", found=found, milliseconds=f"{results.seconds * 1000:.0f}"))
    for way in ways:
        note(f"{way.words[:1].upper()}{way.words[1:]} ({documents_in_words(way.count)})")
    if results.next:
        note(gettext("For more: --cursor {cursor}", cursor=results.next))


def _understood(results: Results) -> str:
    parts = [_named(each) for each in results.query.concepts]
    if (elsewhere := results.query.translations) is not None and elsewhere.is_on:
        others = ", ".join(elsewhere.also)
        parts.append(gettext("words of other languages (--off {id}): {others}", id=SWITCH, others=others))
    if results.query.years:
        parts.append(gettext("published {years}", years=results.query.years))
    return gettext("Understood as: {names}.", names="; ".join(parts)) if parts else ""


def _named(concept: NamedConcept) -> str:
    called = f"{facet_in_sentence(concept.facet)} {concept.label}"
    if not concept.is_on:
        return gettext("{name} (switched off)", name=called)
    if not concept.also:
        return f"{called} (--off {concept.name})"
    return gettext(
        "{name} (--off {id}, also searched for: {others})",
        name=called,
        id=concept.name,
        others=", ".join(concept.also),
    )


def _print_hit(hit: Hit, *, place: int, vocabulary: Vocabulary) -> None:
    document = hit.document
    facts = [str(document.year or ""), document.lang, f"{document.page_count} p.", document.publisher]
    out.print(f"[bold]{place}. {escape(document.title)}[/]")
    out.print(f"   [dim]{escape(' | '.join(fact for fact in facts if fact))} | {document.id}[/]")
    if hit.missing:
        out.print(f"   [red]{escape(gettext('without: {words}', words=', '.join(hit.missing)))}[/]")
    if hit.same_work:
        others = ", ".join(f"{each.lang} {each.id} ({each.source})" for each in hit.same_work)
        out.print(f"   [dim]{escape(gettext('Also:'))} {escape(others)}[/]")
    if names := _about(document, vocabulary):
        out.print(f"   [cyan]{escape(names)}[/]")
    for page in hit.pages:
        out.print(f"   p. {page.number}  {_snippet(page.snippet)}")
    if not hit.pages and hit.abstract:
        out.print(f"   {_snippet(hit.abstract)}")


def _snippet(snippet: Snippet) -> str:
    """Return a snippet as markup of the terminal."""
    return "".join(f"[bold yellow]{escape(text)}[/]" if is_match else escape(text) for text, is_match in snippet)


def _about(document: Document, vocabulary: Vocabulary) -> str:
    shown = (Facet.COUNTRY, Facet.GROUP, Facet.TOPIC)
    tags = [tag for facet in shown for tag in document.tags_of(facet) if tag.about]
    return " | ".join(vocabulary.label(tag.facet, tag.concept, "en") for tag in tags[:6])
