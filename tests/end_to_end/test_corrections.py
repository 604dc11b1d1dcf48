"""A wrong tag that somebody rejects in the page of a document stays rejected, whatever happens to the records afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from corpus.audit import Actor, AuditChannel
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from corpus.store.opening import database_url
from curation.people import add_person
from pushcart.cli import run
from tests.builders import make_fetched, make_source
from tests.corpus.older_database import migrate_once_more
from tests.curation.asking import Asker
from tests.end_to_end.servers import keep_records, put_records, services_of
from web.app import make_app

pytestmark = pytest.mark.slow

URL = "https://example.org/vendors.html"
WRONG, MISSING = "group:street_vendors", "topic:taxation"


def page_of(words: str) -> bytes:
    body = f"<p>Street vendors in Accra pay daily tolls. {words} Street vendors organise in associations.</p>" * 6
    return f"<html lang=en><title>Street vendors</title><body><article><h1>Street vendors</h1>{body}</article>".encode()


@dataclass(frozen=True, slots=True)
class Site:
    """A data folder with one document, and a person with a token. Each look at it starts the server anew."""

    settings: Settings
    token: str
    document: str = ""

    def somebody(self) -> Asker:
        """Return somebody who is signed in at a server that was just started."""
        person = Asker(make_app(self.settings), address="192.0.2.7")
        assert person.sign_in(self.token).status_code == 303
        return person

    def correct(self, said: str, tag: str) -> None:
        """Send a form of the page of the document."""
        person, path = self.somebody(), f"/documents/{self.document}"
        fields = {"form_word": person.word(path), "said": said, "tag": tag, "reason": "I read it."}
        assert person.submit(f"{path}/corrections", **fields).status_code == 303

    def found_by(self) -> set[str]:
        """Return which of the two tags records, filters, counts, page and feed show; all of them have to agree."""
        person = self.somebody()
        answer = person.get(f"/api/v1/documents/{self.document}").json()
        shown = {f"{each['facet']}:{each['concept']}" for each in answer["tags"]} & {WRONG, MISSING}
        page = person.get(f"/documents/{self.document}").text
        for tag in (WRONG, MISSING):
            facet, _, concept = tag.partition(":")
            address = f"{facet}={concept}"
            found = person.get(f"/api/v1/search?{address}").json()
            is_shown = tag in shown
            assert found["documents"] == int(is_shown), f"the filter {tag}"
            assert (f'name="tag" value="{tag}"' in page) is is_shown, f"the page and {tag}"
            assert (self.document in person.get(f"/feed.atom?{address}").text) is is_shown, f"the feed and {tag}"
        return shown

    def keep(self, content: bytes) -> None:
        """Save what the address of the document holds now, and read and tag it, as a harvest does."""
        sha256 = open_files(self.settings).put(content)
        with open_store(self.settings) as store:
            store.files.save(make_fetched(URL, sha256=sha256, content_type="text/html", size=len(content)))
        process()


def process() -> None:
    assert run(["process", "--again"]) == 0
    assert run(["index"]) == 0


@pytest.fixture
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return a site with one document that is tagged with street vendors."""
    for name, value in (services_of(settings.data_dir) | {"PUSHCART_DATA_DIR": str(settings.data_dir)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PUSHCART_WORKERS", "1")
    with open_store(settings) as store:
        store.sources.save(make_source())
        token = add_person("Ana", store=store, by=Actor("operator", AuditChannel.COMMAND)).text
    Site(settings, token).keep(page_of("They ask for shade."))
    with open_store(settings) as store:
        (document,) = store.documents.ids()
    return Site(settings, token, document)


def test_a_wrong_tag_rejected_in_the_page_stays_rejected_through_everything(site: Site, tmp_path: Path) -> None:
    folder, engine = site.settings.data_dir, sa.create_engine(database_url(site.settings), poolclass=NullPool)
    assert site.found_by() == {WRONG}
    site.correct("reject", WRONG)
    site.correct("add", MISSING)
    assert site.found_by() == {MISSING}  # after a restart

    with engine.begin() as database:
        database.execute(sa.text("UPDATE documents SET tagger_version = 'an older one'"))
        database.execute(sa.text("UPDATE readings SET reader_version = 'an older one'"))
    process()
    with engine.connect() as database:
        asked = sa.text("SELECT tagger_version FROM documents UNION SELECT reader_version FROM readings")
        assert "an older one" not in database.execute(asked).scalars().all()
    assert site.found_by() == {MISSING}

    site.keep(page_of("The newer text says more of them."))
    with open_store(site.settings) as store:
        assert len(store.files.copies(site.document)[0].versions) == 2
    assert site.found_by() == {MISSING}

    migrate_once_more(site.settings)
    assert site.found_by() == {MISSING}

    keep_records(folder, tmp_path / "backup")
    assert run(["corrections", "undo", "1", "--reason", "By mistake."]) == 0
    assert site.found_by() == {WRONG, MISSING}
    put_records(tmp_path / "backup", folder)
    process()
    assert site.found_by() == {MISSING}

    for _ in range(2):
        assert run(["corrections", "undo", "--last-of", site.document, "--reason", "Read once more."]) == 0
    assert site.found_by() == {WRONG}
