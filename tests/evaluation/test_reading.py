"""How reading is measured, and that it is as good as it was."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from corpus.settings import Settings
from evaluation.reading import PUSHCART, ReaderRun, evaluate_reading, lacking_numbers, word_agreement
from pushcart import cli
from tests.nlp.pdf_press import press, written


class TestWordAgreement:
    def test_equal_words_in_any_order_agree(self) -> None:
        assert word_agreement("Vendors of Lima, 2016", "2016 — Lima: of vendors") == 1

    def test_a_word_too_few_or_too_many_costs(self) -> None:
        assert word_agreement("vendors of", "vendors of Lima") == pytest.approx(0.8)
        assert word_agreement("vendors of Lima Lima", "vendors of Lima") == pytest.approx(6 / 7)

    def test_a_word_that_the_text_breaks_and_the_reader_has_whole_is_found(self) -> None:
        assert word_agreement("el crecimiento de la población", "el creci-\nmiento de la pobla-\nción") == 1

    def test_a_word_that_the_reader_breaks_is_not(self) -> None:
        assert word_agreement("el creci-\nmiento", "el crecimiento") == pytest.approx(0.4)

    def test_lam_and_alef_in_the_wrong_order_count_for_nobody(self) -> None:
        assert word_agreement("الإصلاحات", "اإلصالحات") == 1

    def test_nothing_agrees_with_nothing(self) -> None:
        assert word_agreement("", "") == 0


def test_numbers_that_one_reader_lacks_are_listed_by_page() -> None:
    own = ReaderRun(PUSHCART, {"a": ("In 201 it was 1,624", "5")}, 1.0)
    other = ReaderRun("other", {"a": ("In 2016 it was 1,624", "5"), "b": ("12",)}, 1.0)
    assert list(lacking_numbers(own, beside=other)) == [
        ("a", 1, Counter({"2016": 1}), Counter({"201": 1})),
        ("b", 1, Counter({"12": 1}), Counter()),
    ]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    pdfs, texts = tmp_path_factory.mktemp("pdfs"), tmp_path_factory.mktemp("texts")
    for name, line in (
        ("lima", "Street vendors of Lima in 2016"),
        ("pune", "Waste pickers of Pune"),
        ("other", "No text of it"),
    ):
        (pdfs / f"{name}.pdf").write_bytes(press(written(line)))
        if name != "other":
            (texts / f"{name}.txt").write_text(line, encoding="utf-8")
    return pdfs, texts


def test_the_command_prints_one_object(folders, capsys) -> None:
    assert cli.run(["evaluate", "reading", *map(str, folders), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["files"] == [{"name": "lima", "f1": 1.0}, {"name": "pune", "f1": 1.0}]
    assert printed["mean_f1"] == 1.0
    assert printed["pages_per_second"] > 0


def test_the_table_has_the_other_readers_beside(folders, capsys) -> None:
    assert cli.run(["evaluate", "reading", *map(str, folders), "--errors"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("pushcart", "pypdfium2", "pdfminer.six", "lima", "pages per second"))


def test_folders_without_a_pair_are_told(folders, tmp_path, capsys) -> None:
    assert cli.run(["evaluate", "reading", str(folders[0]), str(tmp_path)]) == 1
    assert "has a text of the same name" in capsys.readouterr().err


FLOORS = {
    "100528": 0.998,
    "101431": 0.984,
    "103239": 0.994,
    "115189": 0.996,
    "120391": 0.996,
    "96537": 0.998,
    "99722": 0.842,
}


@pytest.mark.shared
def test_long_reports_are_read_no_worse_than_before(shared_data: Path) -> None:
    policy = shared_data / "pdf-policy"
    report = evaluate_reading(policy / "wb-scd", policy / "wb-scd-txt", settings=Settings(workers=2), others=False)
    for start, floor in FLOORS.items():
        (agreement,) = (each[0] for name, each in report.agreements.items() if name.startswith(start))
        assert agreement >= floor, start
    assert report.mean(0) >= 0.973
