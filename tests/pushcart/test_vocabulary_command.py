"""`pushcart vocabulary`: faults, look-up, differences, and proposals from another thesaurus."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from corpus.vocabulary.differences import VocabularyEntry, differences, files_at, packaged_files
from pushcart.cli import run

DATA = Path(str(files("corpus.vocabulary"))) / "data"
TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <http://example.org/t/> .
t:1 a skos:Concept ; skos:prefLabel "Street vendors"@en, "Vendeurs de rue"@fr ;
  skos:altLabel "sidewalk sellers of Lagos"@en, "waste pickers"@en, "vendedores de acera con toldo"@es, "Straßenhändler"@de ;
  skos:hiddenLabel "streat vendors"@en ; skos:broader t:0 .
t:0 a skos:Concept ; skos:prefLabel "Waste pickers"@en .
t:2 a skos:Concept ; skos:prefLabel "Astronauts"@en .
t:3 a skos:Concept ; skos:prefLabel "Land of the Incas"@en ; skos:notation "PER" .
t:4 a skos:Concept ; skos:prefLabel "Land of the vulture"@en ;
  skos:exactMatch <http://publications.europa.eu/resource/authority/country/BOL> .
t:5 a skos:Concept ; skos:prefLabel "Congo"@en .
"""
RDF_XML = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
<skos:Concept rdf:about="http://example.org/1"><skos:prefLabel xml:lang="es">Vendedores ambulantes</skos:prefLabel>
<skos:altLabel xml:lang="es">vendedores de acera con toldo</skos:altLabel></skos:Concept></rdf:RDF>"""


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Type `pushcart vocabulary WORDS --json` and return the value."""
    assert run(["vocabulary", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_packaged_vocabulary_is_checked_and_shared_terms_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, "check")
    assert found["faults"] == []
    assert any("child domestic worker" in each for each in found["shared_terms"])
    assert run(["vocabulary", "check"]) == 0
    assert "0 faults" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["street_vendors"], [("group", "street_vendors")]),
        (["group:street_vendors"], [("group", "street_vendors")]),
        (["vendedoras", "ambulantes", "en", "Lima", "y", "Perú"], [("group", "street_vendors"), ("country", "PER")]),
        (["The waste picker of Dakar, Senegal"], [("group", "waste_pickers"), ("country", "SEN")]),
        (["PER"], [("country", "PER")]),
        (["nothing of the kind"], []),
    ],
)
def test_the_concepts_that_words_name_are_shown(
    capsys: pytest.CaptureFixture[str], words: list[str], found: list[tuple[str, str]]
) -> None:
    assert [(each["facet"], each["id"]) for each in printed(capsys, "find", *words)] == found
    assert run(["vocabulary", "find", *words]) == 0
    text = capsys.readouterr().out
    assert all(f"{facet}:{concept}" in text for facet, concept in found)
    assert ("has no such name" in text) is not bool(found)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a copy of the data folder in which something else stands."""
    folder = tmp_path / "older"
    shutil.copytree(DATA, folder)
    groups = json.loads((folder / "groups.json").read_text(encoding="utf-8"))
    rows = {row["id"]: row for row in groups["groups"]}
    rows["street_vendors"]["label"][0] = "Hawkers"
    rows["street_vendors"]["strong"]["en"].append("an older term")
    del rows["waste_pickers"]["strong"]["pt"][0]
    groups["groups"] = [row for row in groups["groups"] if row["id"] != "domestic_workers"] + [{"id": "ghosts"}]
    (folder / "groups.json").write_text(json.dumps(groups), encoding="utf-8")
    names = (folder / "places_names.toml").read_text(encoding="utf-8").replace('"Bosnia", ', "", 1)
    (folder / "places_names.toml").write_text(names, encoding="utf-8")
    return folder


def test_a_vocabulary_does_not_differ_from_a_copy_of_itself(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "copy")
    assert not differences(files_at(str(tmp_path / "copy")), packaged_files())


def test_what_was_added_removed_and_changed_since_is_told_by_concept(older: Path) -> None:
    found = differences(files_at(str(older)), packaged_files())
    assert found.concepts_added == (("groups", "domestic_workers"),)
    assert found.concepts_removed == (("groups", "ghosts"),)
    assert VocabularyEntry("groups", "street_vendors", "strong", "en", "an older term") in found.removed
    assert {(each.file, each.concept) for each in found.added} == {
        ("groups", "waste_pickers"), ("places_names", "names.BIH"),
    }  # fmt: skip
    ((entry, before, now),) = found.changed
    assert (entry.concept, entry.key, entry.lang, before) == ("street_vendors", "label", "en", "Hawkers")
    assert now == load_vocabulary().label(Facet.GROUP, "street_vendors")


def test_only_one_file_is_compared_when_one_is_given(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocabulary", "diff", str(older / "groups.json")]) == 0
    shown = capsys.readouterr()
    assert "+ groups domestic_workers" in shown.out
    assert "- groups street_vendors strong en 'an older term'" in shown.out
    assert "~ groups street_vendors label en: Hawkers -> " in shown.out
    assert "places_names" not in shown.out
    assert "1 added, 1 removed" in shown.err


def test_a_revision_of_this_checkout_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    root = DATA.parents[2]
    if subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, check=False).returncode:
        pytest.skip("this is no git checkout")
    found = printed(capsys, "diff", "HEAD")
    changed = subprocess.run(
        ["git", "-C", str(root), "diff", "--quiet", "HEAD", "--", str(DATA)], check=False
    ).returncode
    assert any(found.values()) is bool(changed)


@pytest.mark.parametrize("old", ["no-such-revision", "--output=x", "a\x00b", ""])
def test_what_is_no_older_state_is_said(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocabulary", "diff", "--", old]) == 1
    assert "a revision" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content"), [("groups.json", "{"), ("places_names.toml", "= ["), ("groups.json", "\xff")]
)
def test_a_data_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content.encode("latin-1"))
    assert run(["vocabulary", "diff", str(tmp_path)]) == 1
    assert name in capsys.readouterr().err


# ---------------------------------------------------------------------- another thesaurus


@pytest.fixture
def thesaurus(tmp_path: Path) -> Path:
    pytest.importorskip("rdflib", reason="rdflib is not installed")
    file = tmp_path / "thesaurus.skos"
    file.write_text(TURTLE, encoding="utf-8")
    return file


def test_a_thesaurus_becomes_a_proposal_and_changes_nothing(
    thesaurus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {each.name: each.read_bytes() for each in DATA.iterdir() if each.is_file()}
    output = tmp_path / "proposal.json"
    assert run(["vocabulary", "import", str(thesaurus), "--output", str(output)]) == 0
    assert {each.name: each.read_bytes() for each in DATA.iterdir() if each.is_file()} == before
    found = json.loads(output.read_text(encoding="utf-8"))
    proposals = {each["concept"]: each for each in found["proposals"]}
    vendors = proposals["group:street_vendors"]
    assert (vendors["matched_by"], vendors["broader"]) == ("en: Street vendors", ["group:waste_pickers"])
    assert {"text": "sidewalk sellers of Lagos", "kind": "other"} in vendors["terms"]["en"]
    assert {"text": "streat vendors", "kind": "hidden"} in vendors["terms"]["en"]
    assert {"text": "waste pickers", "kind": "other", "claimed_by": ["group:waste_pickers"]} in vendors["terms"]["en"]
    assert vendors["terms"]["es"] == [{"text": "vendedores de acera con toldo", "kind": "other"}]
    assert proposals["country:PER"]["matched_by"] == "notation: PER"
    assert proposals["country:BOL"]["terms"]["en"] == [{"text": "Land of the vulture", "kind": "preferred"}]
    assert [each["labels"] for each in found["unknown"]] == [{"en": "Astronauts"}]
    assert "of ours and 1 match none" in capsys.readouterr().err


def test_rdf_xml_is_read_too_whatever_the_file_is_called(tmp_path: Path, capfdbinary: Any) -> None:
    pytest.importorskip("rdflib", reason="rdflib is not installed")
    for name in ("a.rdf", "a.skos", "a"):
        (tmp_path / name).write_text(RDF_XML, encoding="utf-8")
        capfdbinary.readouterr()
        assert run(["vocabulary", "import", str(tmp_path / name)]) == 0
        (found,) = json.loads(capfdbinary.readouterr().out)["proposals"]
        assert found["concept"] == "group:street_vendors"


@pytest.mark.parametrize("content", ["", "not a thesaurus", "<?xml version='1.0'?><html>", "@prefix broken"])
def test_what_is_no_thesaurus_is_said(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rdflib", reason="rdflib is not installed")
    (tmp_path / "file.skos").write_text(content, encoding="utf-8")
    assert run(["vocabulary", "import", str(tmp_path / "file.skos")]) == 1
    assert "SKOS" in capsys.readouterr().err


def test_without_rdflib_it_says_how_to_install_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rdflib", None)
    (tmp_path / "file.ttl").write_text(TURTLE, encoding="utf-8")
    assert run(["vocabulary", "import", str(tmp_path / "file.ttl")]) == 1
    assert "pushcart[skos]" in capsys.readouterr().err
