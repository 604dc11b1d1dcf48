"""The file store keeps bytes once, whole, and says when they are missing."""

from __future__ import annotations

import dataclasses
import hashlib
from importlib.util import find_spec

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from corpus.errors import BadSettings, FileMissing
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


PACKAGES = {
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("abfs", "az", "adl"), "adlfs"),
    "sftp": "paramiko",
    "smb": "smbprotocol",
    "oss": "ossfs",
    "hf": "huggingface_hub",
    "box": "boxfs",
    "oci": "ocifs",
}
"""Kinds of stores elsewhere, and the package that each needs."""


@pytest.mark.parametrize("kind", [kind for kind, package in PACKAGES.items() if find_spec(package) is None])
def test_a_missing_package_is_named(settings, kind):
    with pytest.raises(BadSettings, match="needs a Python package that is not installed") as told:
        open_files(dataclasses.replace(settings, files_url=f"{kind}://bucket/files"))
    assert "pushcart[s3]" in str(told.value)


@pytest.mark.parametrize(
    "address", ["s4://bucket", "S3://bucket", "bucket-store://a/b", "nosuch::s3://bucket", "https:s3://bucket"]
)
def test_an_unknown_kind_of_store_is_named(settings, address):
    with pytest.raises(BadSettings, match=r"which is no known kind|not installed|neither an address"):
        open_files(dataclasses.replace(settings, files_url=address))


@pytest.mark.parametrize(
    "address", ["bucket", "bucket/files", "s3:/bucket/files", "s3:bucket", "./files", "../files", "s3"]
)
def test_an_address_that_lacks_something_is_not_taken_for_a_folder(settings, address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadSettings, match="neither an address nor a whole path"):
        open_files(dataclasses.replace(settings, files_url=address))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error", [PermissionError("Access Denied"), RuntimeError("Could not connect"), OSError("no route"), KeyError("x")]
)
def test_a_store_that_cannot_be_opened_is_named(settings, error, monkeypatch):
    def refuse(*_words: object, **_others: object) -> None:
        raise error

    monkeypatch.setattr(MemoryFileSystem, "makedirs", refuse)
    with pytest.raises(BadSettings, match=f"cannot be opened: {type(error).__name__}"):
        open_files(dataclasses.replace(settings, files_url="memory://pushcart-files"))


class ListingMemory(MemoryFileSystem):
    """Answers from listings that it keeps, as packages of object stores do."""

    protocol = "listing-memory"
    cachable = False

    def ls(self, path, detail=True, **others):
        key = self._strip_protocol(path)
        if key not in self.dircache:
            self.dircache[key] = super().ls(path, detail=True, **others)
        found = self.dircache.get(key) if self.dircache.use_listings_cache else super().ls(path, detail=True, **others)
        return found if detail else [each["name"] for each in found]


def test_what_another_process_keeps_or_removes_is_seen_after_a_listing(settings):
    fsspec.register_implementation("listing-memory", ListingMemory, clobber=True)
    ours, theirs = (
        open_files(dataclasses.replace(settings, files_url="listing-memory://shared/files")) for _ in range(2)
    )
    first = ours.put(b"first")
    assert [name for name, _ in ours.entries()] == [first]
    second = theirs.put(b"second")
    theirs.remove(first)
    assert [name for name, _ in ours.entries()] == [second]
