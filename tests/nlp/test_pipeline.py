"""The tagger is a spaCy pipeline: it is saved, loaded, piped and shown like any other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from corpus.tag_rules import Rule, RuleKind
from corpus.types import Facet, Page
from corpus.vocabulary import Concept, Strength, Term, Vocabulary
from nlp.pipeline.build import COMPONENTS, build_pipeline, save_pipeline
from nlp.pipeline.docs import doc_of
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger
from nlp.pipeline.version import code_files, meaning_of, tagger_version

ROOT = Path(__file__).resolve().parents[2]
TEXT = (
    "Street vendors and waste pickers in Peru organise.\n\nWomen sell cooked food on the pavement. Pensions are rare."
)
SPANISH = "Las trabajadoras del hogar de la ciudad no tienen contrato y no cuentan con el seguro que la ley les da."
MIXED = TaggedText(title="Street vendors in Peru", pages=(Page(1, TEXT), Page(2, SPANISH)), lang="en")


@pytest.fixture(scope="module")
def nlp() -> Language:
    return open_tagger().nlp


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipeline") / "saved"
    save_pipeline(folder)
    return folder


def spans_of(doc: Doc) -> dict[str, list[tuple[str, str, str]]]:
    return {key: [(span.text, span.id_, span.kb_id_) for span in group] for key, group in doc.spans.items()}


def test_spans_have_their_concept_and_a_typed_reason(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert [(span.text, span.id_, span._.rule.kind) for span in doc.spans["groups"]] == [
        ("Street vendors", "street_vendors", RuleKind.TERM),
        ("waste pickers", "waste_pickers", RuleKind.TERM),
        ("sell cooked food on the pavement", "street_vendors", RuleKind.ACTIVITY),
    ]
    (place,) = doc.spans["places"]
    assert (place.id_, place.label_, place._.rule) == ("PER", "PER", Rule(RuleKind.NAME, "Peru"))


def test_a_span_of_something_else_has_no_rule(nlp: Language) -> None:
    assert nlp(TEXT)[0:2]._.rule is None


def test_a_text_has_its_sentences(nlp: Language) -> None:
    sentences = [sentence.text.strip() for sentence in nlp(TEXT).sents]
    assert sentences[1:] == ["Women sell cooked food on the pavement.", "Pensions are rare."]


def test_a_document_is_one_doc_in_several_languages(nlp: Language) -> None:
    doc = nlp(doc_of(nlp, MIXED))
    zones = [(span.label_, span.id_, span.kb_id_) for span in doc.spans["zones"]]
    assert (zones[0], zones[-1]) == (("title", "0", "en"), ("body", "2", "es"))
    assert "domestic_workers" in {span.id_ for span in doc.spans["groups"]}
    norms = {token.text: token.norm_ for token in doc}
    assert (norms["vendors"], norms["trabajadoras"]) == ("vendor", "trabajador")


def test_the_tags_of_a_doc_are_those_of_the_tagger(nlp: Language) -> None:
    assert nlp(doc_of(nlp, MIXED))._.tags == open_tagger().tag(MIXED)


def test_a_text_in_a_pipe_has_the_tags_of_a_text_alone(nlp: Language) -> None:
    texts = [TEXT, SPANISH, "", " \n\n ", "2019", TEXT]
    assert [doc._.tags for doc in nlp.pipe(texts)] == [nlp(text)._.tags for text in texts]


def test_docs_are_tagged_in_other_processes_and_come_back_whole(nlp: Language) -> None:
    alone = [nlp(TEXT), nlp(SPANISH)]
    piped = list(nlp.pipe([TEXT, SPANISH], n_process=2, batch_size=1))
    assert [(spans_of(doc), doc._.tags) for doc in piped] == [(spans_of(doc), doc._.tags) for doc in alone]


def test_a_doc_keeps_its_spans_reasons_and_tags_when_it_is_saved(nlp: Language) -> None:
    doc = nlp(TEXT)
    (again,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert spans_of(again) == spans_of(doc)
    assert again._.tags == doc._.tags
    assert [span._.rule for span in again.spans["groups"]] == [span._.rule for span in doc.spans["groups"]]


def test_a_loaded_pipeline_gives_the_same_tags(saved: Path) -> None:
    loaded = Tagger(spacy.load(saved))
    for text in (MIXED, TaggedText(pages=(Page(1, SPANISH),), lang="es"), TaggedText(title="Gana'da atık", lang="tr")):
        assert loaded.tag(text) == open_tagger().tag(text)


def test_the_vocabulary_of_a_saved_pipeline_is_its_own(tmp_path: Path) -> None:
    labels = dict.fromkeys(("en", "es", "fr", "pt"), "Herders")
    concept = Concept("herders", Facet.GROUP, labels)
    words = ({Facet.GROUP: (Term("herders", ("yak herder",), "en", Strength.STRONG),)}, ())
    build_pipeline(Vocabulary([concept], terms=lambda: words, version="x")).to_disk(tmp_path)
    doc = spacy.load(tmp_path)(
        "The yak herders of the valley and the street vendors of the town have met in the morning."
    )
    assert [span.id_ for span in doc.spans["groups"]] == ["herders"]


def test_any_python_with_the_package_opens_a_saved_pipeline(saved: Path, tmp_path: Path) -> None:
    # As an installed package would have it: an environment that was made before these entry points knows none of them.
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    folder = tmp_path / "pushcart_entry_points-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: pushcart-entry-points\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        "".join(f"[{group}]\n" + "".join(f"{a} = {b}\n" for a, b in rows.items()) for group, rows in declared.items())
    )
    program = (
        "import spacy, sys; doc = spacy.load(sys.argv[1])(sys.argv[2]); print(*(s.id_ for s in doc.spans['groups']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, saved, TEXT],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == ["street_vendors", "waste_pickers", "street_vendors"], done.stderr


def test_every_declared_component_is_there_and_used() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    assert set(declared["spacy_factories"]) == {f"pushcart_{name}" for name in COMPONENTS}
    for rows in declared.values():
        for target in rows.values():
            module, _, name = target.partition(":")
            assert callable(getattr(import_module(module), name))


def test_displacy_shows_the_spans(nlp: Language) -> None:
    shown = displacy.render(nlp(TEXT), style="span", options={"spans_key": "groups"}, page=True, jupyter=False)
    assert "street_vendors" in shown
    assert "term:street vendor" in shown


def test_the_examples_of_the_docs_run_as_they_are_written(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "informal-economy").symlink_to(saved, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "tagging-pipeline.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for example in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(example, names)
    shown = re.findall(r"^# (.+\|.+)$", page, re.MULTILINE)
    printed = capsys.readouterr().out.splitlines()
    assert shown
    assert printed[: len(shown)] == shown


def test_a_pipeline_with_another_tokenizer_is_refused() -> None:
    with pytest.raises(TypeError, match="its own tokenizer"):
        spacy.blank("en").add_pipe("pushcart_places")


def test_a_pipeline_without_its_vocabulary_says_so(saved: Path) -> None:
    with pytest.raises(ValueError, match="holds the vocabulary"):
        spacy.load(saved, exclude=["vocabulary"])(TEXT)


def test_the_words_of_a_memory_zone_do_not_spoil_what_comes_after(saved: Path) -> None:
    loaded = spacy.load(saved)
    with loaded.memory_zone():
        before = loaded(SPANISH)._.tags
    assert loaded(SPANISH)._.tags == before
    assert all(token.norm_ for token in loaded(SPANISH))


def test_the_version_changes_with_the_code_and_not_with_its_comments() -> None:
    source = 'LEAST = 3\n"""Why."""\n\ndef f():\n    """Say."""\n    return LEAST\n'
    assert meaning_of(source) == meaning_of(
        "# a remark\n" + source.replace("Why.", "Because.").replace("Say.", "Tell.")
    )
    assert meaning_of(source) != meaning_of(source.replace("3", "4"))
    assert re.fullmatch("[0-9a-f]{16}", tagger_version())
    assert {"weigh.py", "terms.py", "finding.py", "documents.py", "places.py"} <= {
        path.name for path in code_files(ROOT)
    }
