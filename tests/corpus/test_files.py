"""The file store keeps bytes once, whole, and says when they are missing."""

from __future__ import annotations

import hashlib

import pytest

from corpus.errors import FileMissing
from corpus.files import open_files


def test_the_same_bytes_are_kept_once_and_come_back(settings):
    files = open_files(settings)
    name = files.put(b"bytes")
    assert name == files.put(b"bytes") == hashlib.sha256(b"bytes").hexdigest()
    assert files.read(name) == b"bytes"
    assert files.has(name)
    with files.local_path(name) as path:
        assert path.read_bytes() == b"bytes"


def test_missing_bytes_are_said_to_be_missing(settings):
    files = open_files(settings)
    with pytest.raises(FileMissing, match="0000"):
        files.read("0" * 64)
    with pytest.raises(FileMissing), files.local_path("0" * 64):
        pass


def test_half_written_files_are_swept_and_whole_ones_stay(settings):
    files = open_files(settings)
    name = files.put(b"whole")
    with files.local_path(name) as path:
        (path.parents[1] / "0123.part").write_bytes(b"ha")
    assert files.sweep() == 1
    assert files.read(name) == b"whole"


def test_another_file_system_than_the_local_one_can_be_named(settings):
    import dataclasses

    files = open_files(dataclasses.replace(settings, files_url="memory://pushcart-files"))
    name = files.put(b"bytes")
    with files.local_path(name) as path:
        assert path.read_bytes() == b"bytes"
    assert files.sweep() == 0


def test_a_file_of_this_machine_is_kept_under_the_sha256_of_its_bytes(settings, tmp_path):
    files = open_files(settings)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x" * 3_000_000)
    sha256, size = files.put_file(path)
    assert (sha256, size) == files.put_file(path) == (hashlib.sha256(b"x" * 3_000_000).hexdigest(), 3_000_000)
    assert files.read(sha256) == path.read_bytes()
    assert not list((settings.data_dir / "files").glob("*.part"))


def test_a_file_that_is_being_written_is_not_swept(settings):
    files = open_files(settings)

    class Slow:
        """Content during whose reading somebody sweeps."""

        def __init__(self) -> None:
            self.parts = [b"first", b"second", b""]
            self.swept = []

        def read(self, _size: int = -1) -> bytes:
            self.swept.append(files.sweep())
            return self.parts.pop(0)

    content = Slow()
    sha256, size = files._keep(content)
    assert (size, content.swept) == (11, [0, 0, 0])
    assert files.read(sha256) == b"firstsecond"
