"""Templates show what contexts declare, and the help page teaches only what is understood."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.resources import files

import pytest

from corpus.vocabulary import load_vocabulary
from search_api.query.parse import parse
from web import (
    alerts_contexts,
    contexts,
    curation_contexts,
    document_contexts,
    evidence_contexts,
    frozen_contexts,
    selection_contexts,
    source_contexts,
)
from web.views.help import help_page

TEMPLATES = {
    "selection.html": selection_contexts.SelectionPage,
    "home.html": contexts.HomePage,
    "browse.html": contexts.BrowsePage,
    "results.html": contexts.ResultsPage,
    "document.html": document_contexts.DocumentPage,
    "sources.html": source_contexts.SourcesPage,
    "source.html": source_contexts.SourcePage,
    "run.html": source_contexts.RunPage,
    "help.html": contexts.HelpPage,
    "api.html": contexts.ProgramsPage,
    "error.html": contexts.ErrorPage,
    "evidence.html": evidence_contexts.EvidencePage,
    "report.html": frozen_contexts.ReportPage,
    "frozen.html": frozen_contexts.FrozenPage,
    "sign-in.html": curation_contexts.SignInPage,
    "alerts.html": alerts_contexts.AlertsPage,
    "follow.html": alerts_contexts.FollowPage,
    "alert-step.html": alerts_contexts.StepPage,
    "manage-alerts.html": alerts_contexts.ManagePage,
    "followed.html": alerts_contexts.FollowedPage,
    "alert-message.html": alerts_contexts.MessagePage,
    "audit.html": curation_contexts.AuditPage,
}


def text_of(template: str) -> str:
    """Return a template with those that it includes."""
    text = files("web").joinpath("templates", template).read_text(encoding="utf-8")
    return "".join((text, *map(text_of, re.findall(r'\{% include "([^"]+)" %\}', text))))


@pytest.mark.parametrize(("template", "context"), TEMPLATES.items())
def test_a_template_names_all_and_only_what_its_page_declares(template: str, context: type) -> None:
    named = set(re.findall(r"\bpage\.(\w+)", text_of(template)))
    declared = {each.name for each in fields(context)}
    assert named == declared


def test_every_example_of_the_help_page_is_understood_without_a_remark() -> None:
    page = help_page(lang="en")
    vocabulary = load_vocabulary()
    for typed in [*(each[0] for each in page.examples), *(each[2] for each in page.fields)]:
        parsed = parse(typed, vocabulary=vocabulary)
        assert parsed.in_words, typed
        assert not parsed.notes, typed
