"""A person's own files: which are found, with which metadata, and what is kept of them."""

from __future__ import annotations

import pytest

from corpus.errors import BadInput
from corpus.files import open_files
from corpus.store import FetchedState, open_store
from pushcart.adding import OwnFile, add_file, find_files


def names(found):
    return [each.path.name for each in found.files]


def test_a_folder_stands_for_everything_below_it_but_hidden_files_and_sidecars(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / ".git").mkdir()
    for name in (
        "b.pdf",
        "a.pdf",
        "deep/c.html",
        ".hidden.pdf",
        ".git/x",
        "metadata.json",
        "a.json",
        "b.pdf.json",
        "alone.json",
    ):
        (tmp_path / name).write_text("{}")
    (tmp_path / "metadata.json").write_text("[]")
    assert names(find_files([tmp_path])) == ["a.pdf", "alone.json", "b.pdf", "c.html"]


def test_a_file_named_twice_is_found_once(tmp_path):
    path = tmp_path / "a.pdf"
    path.touch()
    assert names(find_files([path, tmp_path, path])) == ["a.pdf"]


def test_the_nearest_metadata_wins(tmp_path):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).touch()
    (tmp_path / "metadata.csv").write_text("file,title\na.pdf,From the folder\nb.pdf,From the folder\n")
    (tmp_path / "b.pdf.json").write_text('{"title": "Alone"}')
    table = tmp_path / "given.csv"
    table.write_text("file,title\nc.pdf,Given\n")
    found = {each.path.name: each.evidence for each in find_files([tmp_path], table=table).files}
    assert {name: row["title"][0].value for name, row in found.items() if row} == {
        "a.pdf": "From the folder",
        "b.pdf": "Alone",
        "c.pdf": "Given",
    }


def test_a_path_that_does_not_exist_is_named_before_anything_is_added(tmp_path):
    (tmp_path / "a.pdf").touch()
    with pytest.raises(BadInput, match=r"no file or folder .*b\.pdf"):
        find_files([tmp_path / "a.pdf", tmp_path / "b.pdf"])


def test_adding_twice_changes_nothing_and_a_changed_file_is_a_new_version(settings, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1")
    with open_store(settings) as store:
        files = open_files(settings)
        own = OwnFile(path)
        assert add_file(own, store=store, files=files) is FetchedState.NEW
        assert add_file(own, store=store, files=files) is FetchedState.UNCHANGED
        path.write_bytes(b"%PDF-2")
        assert add_file(own, store=store, files=files) is FetchedState.CHANGED
        assert store.status().files == 1


def test_the_address_in_a_sidecar_is_where_the_publisher_offers_it(settings, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1")
    (tmp_path / "a.pdf.json").write_text('{"url": "HTTPS://Example.org/a#x", "title": "T"}')
    with open_store(settings) as store:
        add_file(find_files([path]).files[0], store=store, files=open_files(settings))
        (fetched,) = store.queue.files_to_read(reader_version="1")
    assert fetched.landing_url == "HTTPS://Example.org/a"  # as the person wrote it; the fragment is no part of it
    assert set(fetched.evidence) == {"title"}
