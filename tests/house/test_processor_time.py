"""What is quick, and which file comes first, is told by the processor time that was measured."""

from __future__ import annotations

from pathlib import Path

from tests.house.house import ROOT
from tests.processor_time import QUICK_SECONDS_MAX, SECONDS, is_quick, known_seconds


def test_what_was_kept_is_read_by_file(tmp_path: Path) -> None:
    path = tmp_path / "seconds.tsv"
    path.write_text("file\tprocessor seconds\ttests\ntests/a/test_b.py\t1.5\t3\n")
    assert known_seconds(path) == {"tests/a/test_b.py": (1.5, 3)}
    assert known_seconds(tmp_path / "none.tsv") == {}


def test_the_file_of_the_checkout_can_be_read() -> None:
    assert len(known_seconds(SECONDS)) > 100


def test_nearly_every_file_of_tests_was_measured() -> None:
    known = known_seconds(SECONDS)
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))
    unknown = [file for file in files if file not in known]
    assert len(unknown) <= 0.1 * len(files), f"measure anew (docs/tests.md): {unknown}"


def test_a_file_is_quick_by_the_average_of_its_tests() -> None:
    known = {"few.py": (1.0, 2), "many.py": (1.0, 200), "none.py": (0.0, 0)}
    assert [is_quick(each, known) for each in ("few.py", "many.py", "none.py")] == [False, True, True]


def test_a_file_that_takes_long_as_a_whole_is_not_quick() -> None:
    assert not is_quick("very-many.py", {"very-many.py": (9.0, 2000)})


def test_a_file_that_was_never_measured_is_run() -> None:
    assert is_quick("new.py", {"other.py": (9.0, 1)})
    assert QUICK_SECONDS_MAX > 0
