"""Users, keys and TLS: what is said when one is wrong or missing, and the rights that suffice, as the page gives them."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from corpus.errors import BadSettings, EngineUnavailable
from corpus.settings import Settings
from corpus.vocabulary import load_vocabulary
from search_api.engines.elasticsearch import ElasticsearchEngine, open_elasticsearch
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.tree import Node
from tests.builders import make_document
from tests.house.house import ROOT
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import EVERYONE, changed
from tests.search_server.node import SecureNode, java, running_secure_node
from tests.search_server.unpacking import ServerNotToBeHad, unpacked_server

VOCABULARY = load_vocabulary()
VENDORS = SearchQuery(text="vendors")
PASSWORD = "a password of a test"
SIXTH = make_document("d6", title="Vendors of Nairobi", pages=("Vendors of Nairobi sell fruit.",))
_NOT_TRIED = "Elasticsearch is NOT tried with users and TLS: that needs Maven, Java 17 and openssl"


@pytest.fixture(scope="module")
def node() -> Iterator[SecureNode]:
    if not (java() and shutil.which("mvn") and shutil.which("openssl")):
        pytest.skip(f"{_NOT_TRIED}.")
    try:
        home = unpacked_server()
    except ServerNotToBeHad as error:
        pytest.skip(f"{_NOT_TRIED} (Maven did not bring it: {error}).")
    with running_secure_node(home) as running:
        yield running


@pytest.fixture(scope="module")
def administrator(node: SecureNode) -> Iterator[Elasticsearch]:
    credentials = (node.user, node.password)
    with Elasticsearch(node.url, ca_certs=str(node.ca_file), basic_auth=credentials, request_timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def right(node: SecureNode) -> Settings:
    """Return settings with which all is well."""
    return Settings(
        data_dir=Path("never-made"),
        elasticsearch_url=node.url,
        elasticsearch_user=node.user,
        elasticsearch_password=node.password,
        elasticsearch_ca_file=node.ca_file,
    )


@functools.cache
def asked() -> Node:
    """Return what the query means: not at import, since making the concepts of all labels takes seconds."""
    return parse(VENDORS.text, vocabulary=VOCABULARY).tree


def opened(settings: Settings) -> ElasticsearchEngine:
    return open_elasticsearch(settings, vocabulary=VOCABULARY)


def refusal_of(settings: Settings) -> EngineUnavailable:
    with pytest.raises(EngineUnavailable) as caught:
        opened(settings).search(VENDORS, tree=asked())
    return caught.value


NOBODY = {"elasticsearch_user": "", "elasticsearch_password": ""}


class TestWrongOrMissing:
    @pytest.mark.parametrize(
        ("changes", "said", "setting"),
        [
            (NOBODY, "no user or key is set", "PUSHCART_ELASTICSEARCH_API_KEY"),
            ({"elasticsearch_password": "wrong"}, "the user elastic, or the password is wrong", "_PASSWORD"),
            ({"elasticsearch_user": "stranger"}, "does not accept the user stranger", "PUSHCART_ELASTICSEARCH_USER"),
            ({"elasticsearch_api_key": "bm9uZTpub25l"}, "does not accept the key", "`encoded`"),
            ({"elasticsearch_api_key": "no key at all"}, "PUSHCART_ELASTICSEARCH_API_KEY", "`encoded`"),
            ({"elasticsearch_ca_file": None}, "not signed by a trusted authority", "PUSHCART_ELASTICSEARCH_CA_FILE"),
        ],
        ids=["nobody", "wrong-password", "wrong-user", "wrong-key", "no-key", "no-authority"],
    )  # fmt: skip
    def test_it_is_said_in_one_sentence_with_the_name_of_the_setting(
        self, right: Settings, changes: dict[str, Any], said: str, setting: str
    ) -> None:
        refusal = refusal_of(replace(right, **changes))
        assert said in refusal.message
        assert setting in refusal.try_next
        assert right.elasticsearch_password not in str(refusal)

    def test_another_authority_than_the_one_that_signed_is_said(self, right: Settings, tmp_path: Path) -> None:
        from tests.search_server.certificates import certificates_in

        other = certificates_in(tmp_path).ca_file
        assert "not signed by a trusted authority" in refusal_of(replace(right, elasticsearch_ca_file=other)).message

    def test_a_certificate_for_another_name_is_said(self, right: Settings) -> None:
        elsewhere = right.elasticsearch_url.replace("localhost", "127.0.0.1")
        refusal = refusal_of(replace(right, elasticsearch_url=elsewhere))
        assert "is issued for another name" in refusal.message
        assert "PUSHCART_ELASTICSEARCH_URL" in refusal.try_next

    def test_plain_http_where_tls_is_spoken_is_said(self, right: Settings) -> None:
        plain = right.elasticsearch_url.replace("https://", "http://")
        refusal = refusal_of(replace(right, elasticsearch_url=plain, elasticsearch_ca_file=None))
        assert "wants https://" in refusal.try_next


class TestSettings:
    """What is wrong before anybody is asked; these need no server."""

    @pytest.fixture
    def some(self, tmp_path: Path) -> Settings:
        return Settings(data_dir=tmp_path, elasticsearch_url="https://search.example:9200")

    def test_a_file_that_holds_no_certificate_is_said(self, some: Settings, tmp_path: Path) -> None:
        for content in (b"no certificate", b"\x30\x82\x05", b"", b"-----BEGIN CERTIFICATE-----\nbroken\n"):
            (tmp_path / "ca.crt").write_bytes(content)
            with pytest.raises(
                BadSettings, match=r"PUSHCART_ELASTICSEARCH_CA_FILE is .*ca\.crt, which contains no readable cert"
            ):
                opened(replace(some, elasticsearch_ca_file=tmp_path / "ca.crt"))

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"elasticsearch_ca_file": Path("no-such-file")}, "CA_FILE is no-such-file, but there is no such file"),
            ({"elasticsearch_user": "somebody"}, "USER is set, and PUSHCART_ELASTICSEARCH_PASSWORD is not"),
            ({"elasticsearch_password": "secret"}, "PASSWORD is set, and PUSHCART_ELASTICSEARCH_USER is not"),
            ({"elasticsearch_url": "search.example:9200"}, "which is not an address"),
            ({"elasticsearch_url": "https://search.example:99999"}, "which is not an address"),
            ({"elasticsearch_url": "https://search.example:port"}, "which is not an address"),
            ({"elasticsearch_url": "https://[::1"}, "which is not an address"),
        ],
    )
    def test_what_cannot_be_used_is_named(self, some: Settings, changes: dict[str, Any], said: str) -> None:
        with pytest.raises(BadSettings) as caught:
            opened(replace(some, **changes))
        assert said in caught.value.message

    def test_a_file_of_certificates_for_plain_http_is_refused(self, some: Settings, tmp_path: Path) -> None:
        (tmp_path / "ca.crt").write_text("anything")
        with pytest.raises(BadSettings, match="begins with http://"):
            opened(replace(some, elasticsearch_url="http://a.example", elasticsearch_ca_file=tmp_path / "ca.crt"))

    def test_a_password_in_the_address_is_never_shown(self, some: Settings) -> None:
        with pytest.raises(BadSettings) as caught:
            opened(replace(some, elasticsearch_url="ftp://me:secret@search.example"))
        assert "secret" not in str(caught.value)


def offered() -> dict[str, Any]:
    """Return the JSON that the page offers for pasting, by what it is for."""
    text = (ROOT / "docs/elasticsearch.md").read_text(encoding="utf-8")
    search, index, user, key = (json.loads(each) for each in re.findall(r"```json\n(.+?)```", text, re.DOTALL))
    return {"search": search, "index": index, "user": user, "key": key}


Entering = Callable[[str], Settings]


@pytest.fixture(params=["user", "key"])
def enter(request: pytest.FixtureRequest, right: Settings, administrator: Elasticsearch) -> Iterator[Entering]:
    """Return what makes a user or a key with a role of the page, and gives the settings of who has it."""
    page, prefix = offered(), f"pushcart-{uuid4().hex[:8]}"
    bare = replace(right, **NOBODY, elasticsearch_prefix=prefix)

    def as_user(role: str) -> Settings:
        administrator.security.put_role(name=f"pushcart_{role}", **page[role])
        body = page["user"] | {"password": PASSWORD, "roles": [f"pushcart_{role}"]}
        administrator.security.put_user(username=f"pushcart_{role}", **body)
        return replace(bare, elasticsearch_user=f"pushcart_{role}", elasticsearch_password=PASSWORD)

    def with_key(role: str) -> Settings:
        body = page["key"] | {"role_descriptors": {f"pushcart_{role}": page[role]}}
        return replace(bare, elasticsearch_api_key=administrator.security.create_api_key(**body)["encoded"])

    yield as_user if request.param == "user" else with_key
    if names := list(administrator.indices.get(index=f"{prefix}-*")):
        administrator.indices.delete(index=names)


@pytest.mark.filterwarnings("error::elasticsearch.ElasticsearchWarning")  # a right that the next version drops
def test_the_roles_of_the_page_suffice_and_who_may_only_search_cannot_write(
    enter: Entering, administrator: Elasticsearch
) -> None:
    settings = enter("index")
    log = ChangeLog(changed(EVERYONE))
    assert opened(settings).apply(log.changes) == 5
    # Another process, with a replica: it meets what the first one made, and waits for copies.
    indexing = opened(replace(settings, elasticsearch_replicas=1))
    shorter = make_document("d1", title="Street vendors in Lima", pages=("The street vendors of Lima.",))
    log.changes += changed([shorter, SIXTH], first=6)
    assert indexing.apply(log.changes[5:]) == 7
    assert indexing.rebuild(log) == 7
    assert indexing.statistics().documents == 6
    searching, tree = opened(enter("search")), asked()
    assert {hit.id for hit in searching.search(VENDORS, tree=tree).hits} == {"d1", "d6"}
    assert {hit.id for hit in searching.walk(VENDORS, tree=tree)} == {"d1", "d6"}
    assert searching.pages(tree, documents=["d6"], limit=1)["d6"].best[0].number == 1
    assert searching.indexed_pages(["d1"]) == {"d1": 1}
    assert searching.applied_sequence() == 7
    before = searching.statistics()
    assert before.documents == 6
    state = administrator.get(index=f"{settings.elasticsearch_prefix}-state", id="current").body
    for write in (
        lambda: searching.apply(changed([make_document("d9")], first=8)),
        lambda: searching.rebuild(log),
    ):
        with pytest.raises(EngineUnavailable, match="may not do this") as caught:
            write()
        assert "Users and keys" in caught.value.try_next
    assert searching.statistics() == before
    assert administrator.get(index=f"{settings.elasticsearch_prefix}-state", id="current").body == state


def test_the_key_of_the_page_has_the_rights_of_the_role_of_the_page(administrator: Elasticsearch) -> None:
    page = offered()
    assert list(page["key"]["role_descriptors"].values()) == [page["search"]]
    assert administrator.security.create_api_key(**page["key"])["encoded"]


def test_the_containers_script_makes_the_users_of_the_page_and_changes_their_passwords(
    node: SecureNode, administrator: Elasticsearch, right: Settings
) -> None:
    script = ROOT / "containers/search-users.sh"
    given = {"SEARCH_URL": node.url, "ELASTIC_PASSWORD": node.password, "CURL_CA_BUNDLE": str(node.ca_file)}

    def ended(**passwords: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], **given, **passwords}
        return subprocess.run(
            ["bash", script], env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    awkward = """a "quoted" \\ back'slash: $HOME %s @"""
    assert ended(SEARCHING_PASSWORD="the first one", INDEXING_PASSWORD=awkward).returncode == 0
    repeated = ended(SEARCHING_PASSWORD="another one", INDEXING_PASSWORD=awkward)
    assert repeated.returncode == 0, repeated.stderr
    for role, password in (("search", "another one"), ("index", awkward)):
        user = {"elasticsearch_user": f"pushcart_{role}", "elasticsearch_password": password}
        assert opened(replace(right, **user, elasticsearch_prefix="pushcart-none")).statistics().documents == 0
        held = administrator.security.get_role(name=f"pushcart_{role}")[f"pushcart_{role}"]
        assert held["cluster"] == offered()[role]["cluster"]
        assert [each["privileges"] for each in held["indices"]] == [offered()[role]["indices"][0]["privileges"]]
    refused = ended(SEARCHING_PASSWORD="short", INDEXING_PASSWORD=awkward)
    assert refused.returncode == 1
    assert "did not take user/pushcart_search" in refused.stderr
    assert "INDEXING_PASSWORD is not set" in ended(SEARCHING_PASSWORD="another one").stderr
    assert awkward not in repeated.stdout + repeated.stderr + refused.stderr
