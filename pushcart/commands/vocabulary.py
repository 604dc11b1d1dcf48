"""`pushcart vocabulary`: look for faults and words in the vocabulary, compare it with an older one, and read other thesauri."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from corpus.messages import gettext, ngettext
from corpus.messages.values import facet_in_sentence
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Concept, Vocabulary, load_vocabulary
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json
from pushcart.output import to_output

app = typer.Typer(help="Inspect the vocabulary used for tagging.", no_args_is_help=True)

_WORDS_MAX = 200
"""Words that are looked at together: a name is shorter."""


def register(parent: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    parent.add_typer(app, name="vocabulary")


@app.command("check")
def check(as_json: JsonOption = False) -> None:
    """Find errors in the vocabulary: missing labels, unknown ids, duplicates, unused words, weak terms that never count.

    Exit code 1: there is an error. Terms of several concepts are listed too, as they may be intended.
    """
    from corpus.vocabulary.check import faults, shared_terms
    from nlp.pipeline.idle_terms import idle_terms

    vocabulary = load_vocabulary()
    found, shared = (*faults(vocabulary), *idle_terms(vocabulary)), shared_terms(vocabulary)
    if as_json:
        print_json({"version": vocabulary.version, "faults": list(found), "shared_terms": list(shared)})
    else:
        for each in (*found, *shared):
            out.print(escape(each))
        faults_said = ngettext("{count} fault", "{count} faults", len(found))
        shared_said = ngettext("{count} shared term", "{count} shared terms", len(shared))
        note(
            gettext(
                "Vocabulary {version}: {faults}, {shared}.",
                version=vocabulary.version,
                faults=faults_said,
                shared=shared_said,
            )
        )
    if found:
        raise typer.Exit(1)


@app.command("find")
def find(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="A word, a text, or the id of a concept.")],
    as_json: JsonOption = False,
) -> None:
    """Show which concepts words name in a search, in any of the four languages and in any form of the words."""
    vocabulary = load_vocabulary()
    found = _found(" ".join(words), vocabulary=vocabulary)
    if as_json:
        print_json([{"words": text} | _concept_body(concept) for text, concept in found])
        return
    if not found:
        out.print(gettext("The vocabulary has no such name."))
    for text, concept in found:
        out.print(
            f"[bold]{concept.facet}:{concept.id}[/]  {escape(facet_in_sentence(concept.facet))}  [dim]{escape(text)}[/]"
        )
        out.print(f"   {escape(' · '.join(f'{lang} {concept.label(lang)}' for lang in LANGUAGES))}")
        if concept.note:
            out.print(f"   [dim]{escape(concept.note)}[/]")


def _found(text: str, *, vocabulary: Vocabulary) -> list[tuple[str, Concept]]:
    """Return the concepts that a text names, in its order, each with the words; first those of which it is the id."""
    from search_api.analysis import scan
    from search_api.query.concepts import concepts_of

    facet, _, concept_id = text.partition(":")
    found = [
        (text, vocabulary.concepts(each)[asked])
        for each in Facet
        for asked in (text, concept_id if facet == each else "")
        if asked in vocabulary.concepts(each)
    ]
    tokens = [token.text for token in scan(text)]
    finder = concepts_of(vocabulary)
    for start in range(0, len(tokens), _WORDS_MAX):
        some = tokens[start : start + _WORDS_MAX]
        for stretch in finder.find(some):
            message = " ".join(some[stretch.first : stretch.last])
            found += [(message, vocabulary.concept(*each)) for each in stretch.concepts]
    # The last wins: turned round, so that the first words of each concept are those that are shown.
    return list({(concept.facet, concept.id): (message, concept) for message, concept in reversed(found)}.values())[
        ::-1
    ]


def _concept_body(concept: Concept) -> dict[str, Any]:
    return {
        "facet": concept.facet,
        "id": concept.id,
        "labels": dict(concept.labels),
        "broader": list(concept.broader),
        "codes": dict(concept.codes),
        "note": concept.note,
    }


@app.command("diff")
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A copy of the data folder, one of its files, or a git revision.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Show what was added, removed and changed in the vocabulary since an older state of its data files."""
    from corpus.vocabulary.differences import VocabularyEntry, differences, files_at, packaged_files

    found = differences(files_at(old), packaged_files())
    if as_json:
        print_json(asdict(found))
        return

    def line(entry: VocabularyEntry) -> str:
        return " ".join(
            filter(None, (entry.file, entry.concept, entry.key, entry.lang, entry.text and repr(entry.text)))
        )

    for mark, concepts in (("+", found.concepts_added), ("-", found.concepts_removed)):
        for file, concept in concepts:
            out.print(f"[bold]{mark} {escape(f'{file} {concept}')}[/]")
    for mark, entries in (("+", found.added), ("-", found.removed)):
        for entry in entries:
            out.print(escape(f"{mark} {line(entry)}"))
    for entry, before, now in found.changed:
        out.print(escape(f"~ {line(entry)}: {before or '-'} -> {now or '-'}"))
    note(
        gettext(
            "Concepts: {came} added, {went} removed. Entries: {added} added, {removed} removed, {changed} changed.",
            came=len(found.concepts_added),
            went=len(found.concepts_removed),
            added=len(found.added),
            removed=len(found.removed),
            changed=len(found.changed),
        )
    )


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A thesaurus in SKOS: RDF/XML, Turtle or N-Triples.", exists=True, dir_okay=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", help="File for the proposal; default: standard output.", dir_okay=False),
    ] = None,
) -> None:
    """Propose words of another thesaurus for concepts of the vocabulary. The vocabulary itself is not changed.

    Needs rdflib (`pip install 'pushcart[skos]'`). Concepts are matched by their labels, then by notation and exactMatch.
    """
    from corpus.vocabulary.skos import as_json, compared, read_skos

    vocabulary = load_vocabulary()
    found = compared(read_skos(file), vocabulary=vocabulary)
    body = as_json(found, file=file.name, vocabulary=vocabulary)
    with to_output(output) as put:
        put(f"{json.dumps(body, ensure_ascii=False, indent=1)}\n")
    note(
        gettext(
            "{all} concepts: {ours} match ours, {several} match several of ours and {unknown} match none; "
            "{terms} new terms are proposed.",
            all=len(found.proposals) + len(found.several) + len(found.unknown),
            ours=len(found.proposals),
            several=len(found.several),
            unknown=len(found.unknown),
            terms=sum(len(each.terms) for each in found.proposals),
        )
    )
