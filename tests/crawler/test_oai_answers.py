"""Answers as repositories send them: the saved ones, broken ones, hostile ones; and what follows from each."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from told import told

from corpus.reasons import Failure, FailureKind
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.formats import choose_prefix
from crawler.spiders.oai.list_harvest import ListHarvest, RepositoryHarvest, Since, since_argument
from crawler.spiders.oai.parse import ANSWER_BYTES_MAX, OaiAnswer, OaiIdentity, OaiRequest, read_answer
from crawler.spiders.oai.spider import links_of
from tests.crawler.oai_site import answer, error, record

BASE = "http://test.example.com/oai"
PAGE = "<dc:identifier>https://x.example.org/{}</dc:identifier>"


def words_of(body: bytes, *, token: str = "") -> str:
    """Return what a list says for its trouble or note after an answer."""
    walk = ListHarvest(OaiRequest(BASE, "ListRecords", prefix="oai_dc"), has_seconds=False, pages_max=9)
    step = walk.take(read_answer(body, base=BASE))
    return told(step.trouble) or told(step.note) or (f"goes on at {step.asking.token}" if step.asking else "at its end")


SAVED = {  # records, of them deleted, leads, what the list does then
    "GetRecord.xml": (1, 0, 1, "at its end"),
    "GetRecord_utf8test.xml": (1, 0, 1, "at its end"),
    "Identify.xml": (0, 0, 0, "at its end"),
    "ListIdentifiers.xml": (2, 1, 0, "goes on at ListIdentifiers2.xml"),
    "ListIdentifiers2.xml": (2, 1, 0, "at its end"),
    "ListMetadataFormats.xml": (0, 0, 0, "at its end"),
    "ListRecords.xml": (2, 1, 1, "goes on at ListRecords2.xml"),
    "ListRecords2.xml": (2, 1, 1, "goes on at ListRecords3.xml"),
    "ListRecords3.xml": (2, 1, 1, "goes on at ListRecords4.xml"),
    "ListRecords4.xml": (2, 0, 1, "at its end"),  # the deleted record does not say which it is
    "ListRecordsBroken.xml": (0, 0, 0, "is not OAI-PMH"),
    "ListSets.xml": (0, 0, 0, "at its end"),
    "badArgument.xml": (0, 0, 0, "refuses the request (badArgument)"),
    "badResumptionToken.xml": (0, 0, 0, "although none was sent (badResumptionToken: This resumptionToken is invalid)"),
    "cannotDisseminateFormat.xml": (0, 0, 0, "does not give records as oai_dc (cannotDisseminateFormat)"),
    "idDoesNotExist.xml": (
        0,
        0,
        0,
        "reports an unknown record, although none was requested (idDoesNotExist: oai:lcoa1",
    ),
    "noRecordsMatch.xml": (0, 0, 0, "There are no records in the repository."),
    "noSetHierarchy.xml": (0, 0, 0, "has no sets (noSetHierarchy: This repository does not support sets)"),
    "undefinedError.xml": (0, 0, 0, "answers with an error (undefinedError)"),
}


@pytest.mark.parametrize("name", SAVED)
def test_saved_answers_give_what_they_hold(shared_data, name):
    body = (shared_data / "harvest" / "oai" / name).read_bytes()
    read = read_answer(body, base=BASE)
    found = links_of(read.records, OaiRules())
    records, deleted, links, words = SAVED[name]
    assert (len(read.records), len(found.gone), len(found.links)) == (records, deleted, links)
    assert words in words_of(body)
    assert read.fault == ""


def test_every_saved_answer_is_tried(shared_data):
    assert {path.name for path in (shared_data / "harvest" / "oai").iterdir()} == set(SAVED)


def test_the_saved_answers_on_itself_and_its_formats_are_understood(shared_data):
    folder = shared_data / "harvest" / "oai"
    repository = read_answer((folder / "Identify.xml").read_bytes()).repository
    assert repository == OaiIdentity(
        name="A Test Repository", earliest=datetime(1970, 1, 1, tzinfo=UTC), has_seconds=False, deleted="persistent"
    )
    formats = read_answer((folder / "ListMetadataFormats.xml").read_bytes()).formats
    offered = [(each.prefix, each.namespace) for each in formats]
    assert [choose_prefix(each, offered) for each in ("mods", "oai_dc", "xoai")] == ["mods", "oai_dc", "oai_dc"]
    assert choose_prefix("mods", [each for each in offered if each[0] != "mods"]) == "swepub_mods"


# Broken answers

GOOD = answer(
    *(record(number, inner=PAGE.format(number)) for number in range(3)), "<resumptionToken>t</resumptionToken>"
)


def titles_of(read: OaiAnswer) -> list[str]:
    return [
        each.value
        for one in read.records
        if one.description is not None
        for each in one.description.evidence.get("title", ())
    ]


def titled(title: str) -> str:
    return answer(record(1, inner=f"<dc:title>{title}</dc:title>"), record(2, inner=PAGE.format(2))).decode()


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (titled("Café").replace("UTF-8", "ISO-8859-1").encode(), "Café"),  # is UTF-8, whatever it declares
        (titled("Café").encode("latin-1"), "Café"),  # declares UTF-8, and is not
        (titled("Café — “work”").encode("cp1252"), "Café — “work”"),
        (titled("Город").replace("UTF-8", "koi8-r").encode("koi8-r"), "Город"),
        (titled("Café").replace("UTF-8", "UTF-16").encode("utf-16"), "Café"),
        (titled("Café").replace("UTF-8", "no-such-charset").encode(), "Café"),
        (b"\xef\xbb\xbf" + titled("Café").encode(), "Café"),
        (b"\r\n\r\n" + titled("Café").encode(), "Café"),
        (b"<br />Warning: mysql_connect() in /x.php<br />" + titled("Café").encode(), "Café"),
        (titled("Café").encode() + b"<!-- 0.3 s --><script>x</script>", "Café"),
        (gzip.compress(titled("Café").encode()), "Café"),
        (titled("Work & pay").encode(), "Work & pay"),
        (titled("Caf&eacute;&nbsp;&nosuch; a&b;").encode(), "Café &nosuch; a&b;"),
        (titled("Ca\x01f\x0bé &#2; &#xFFFF;").encode(), "Ca f é"),
        (titled("Café").replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', "").encode(), "Café"),
        (titled("Café").replace(' xmlns="http://www.openarchives.org/OAI/2.0/"', "").encode(), "Café"),
        (titled("<b>Ca<br>fé").encode(), "Ca fé"),
        (titled("<![CDATA[Café & <i>work</i>]]>").encode(), "Café & work"),
    ],
)
def test_broken_answers_are_read_as_they_were_meant(body, title):
    read = read_answer(body, base=BASE)
    assert (told(read.trouble), len(read.records)) == ("", 2)
    assert titles_of(read) == [title]


@pytest.mark.parametrize("fault", ["</x>", "<x>", "</dc:title></metadata>", "<x y='", "<![CDATA[", "<!--"])
def test_a_fault_in_one_record_does_no_harm_to_the_next(fault):
    read = read_answer(titled(f"Work{fault} and pay").encode(), base=BASE)
    assert [each.identifier for each in read.records] == ["oai:site:1", "oai:site:2"]
    assert [link.url for link in links_of(read.records, OaiRules()).links] == ["https://x.example.org/2"]
    assert read.fault


def test_a_charset_of_the_header_counts_when_nothing_else_is_right():
    body = titled("Κόστος").replace("UTF-8", "").encode("iso8859-7")
    assert titles_of(read_answer(body, charset="iso-8859-7")) == ["Κόστος"]


@pytest.mark.parametrize("cut", [len(GOOD) - 8, len(GOOD) - 20, len(GOOD) - 30])
def test_an_answer_cut_behind_its_token_goes_on_there(cut):
    read = read_answer(GOOD[:cut])
    assert (len(read.records), read.is_cut) == (3, True)
    assert read.token is not None
    assert read.token.value == "t"


def test_of_an_answer_cut_at_any_byte_only_complete_records_are_used():
    whole = {"https://x.example.org/0", "https://x.example.org/1", "https://x.example.org/2"}
    for cut in range(0, len(GOOD), 7):
        read = read_answer(GOOD[:cut], base=BASE)
        urls = {link.url for link in links_of(read.records, OaiRules()).links}
        assert urls <= whole
        assert len(urls) == GOOD[:cut].count(b"</record>")


def test_an_answer_that_breaks_off_before_its_token_is_trouble():
    assert words_of(GOOD[: GOOD.index(b"<resumptionToken")]) == "The answer breaks off after 3 records."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "sent nothing"),
        (b"<!DOCTYPE html><html><title>Just a moment&hellip;</title>", "a web page (Just a moment…)"),
        (b"<html><body>Service down</body></html>", "a web page where"),
        (b'{"error": 1}', "is not OAI-PMH"),
        (b"\x1f\x8bnot gzip", "cannot be decompressed"),
        (b"<rss><channel/></rss>", "is not OAI-PMH"),
        (bytes(range(256)) * 50, "is not OAI-PMH"),
    ],
)
def test_what_is_no_answer_is_said_in_words(body, words):
    read = read_answer(body)
    assert words in told(read.trouble)
    assert read.records == ()


# Hostile answers


def entities(*, inside: str) -> bytes:
    bombs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE OAI-PMH [<!ENTITY e0 "lol"><!ENTITY file SYSTEM "file:///etc/passwd">{bombs}]>'
    return titled(inside).replace("<OAI-PMH", f"{doctype}<OAI-PMH").encode()


@pytest.mark.parametrize("inside", ["a&e11;b", "a&file;b", "a&e3;b"])
def test_entities_are_not_followed(inside):
    begun = time.process_time()
    read = read_answer(entities(inside=inside))
    assert time.process_time() - begun < 2
    text = "".join(titles_of(read))
    assert "root:" not in text
    assert "lol" not in text


def test_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(b"<OAI-PMH>" + bytes(ANSWER_BYTES_MAX + 10), 9)
    tracemalloc.start()
    read = read_answer(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "longer than" in told(read.trouble)
    assert peak < 4 * ANSWER_BYTES_MAX


def test_elements_nested_without_end_do_no_harm():
    deep = titled("x").replace("<dc:title>x", "<dc:title>x" + "<a>" * 100_000).encode()
    read = read_answer(record_first(deep))
    assert len(read.records) >= 1


def record_first(body: bytes) -> bytes:
    """Return an answer with a sound record before the others."""
    sound = record(0, inner=PAGE.format(0)).encode()
    return body.replace(b"<ListRecords>", b"<ListRecords>" + sound, 1)


@pytest.mark.parametrize(
    "many", ["<dc:creator>a{}</dc:creator>", "<dc:identifier>https://x.org/{}.pdf</dc:identifier>"]
)
def test_a_record_with_ten_thousand_values_is_bounded_or_quick(many):
    begun = time.process_time()
    read = read_answer(answer(record(1, inner="".join(many.format(n) for n in range(10_000)))))
    assert time.process_time() - begun < 5
    assert len(read.records[0].description.evidence.get("author", ())) <= 100


@pytest.mark.parametrize("text", ["&" * 200_000, "<" * 50_000, "&#" * 100_000, "<!--" * 50_000, "<![CDATA[" * 20_000])
def test_faults_in_great_number_take_no_great_time(text):
    begun = time.process_time()
    read_answer(record_first(titled(text).encode()))
    assert time.process_time() - begun < 5


def test_memory_stays_flat_however_many_records_an_answer_has():
    def peak(count: int) -> int:
        body = answer(*("<record>" + "<x>" + "y" * 2000 + "</x></record>" for _ in range(count)))
        tracemalloc.start()
        read_answer(body)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most - 2 * len(body)

    assert peak(4000) < peak(400) + 2_000_000


# How answers follow each other

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("repository", "moment", "argument"),
    [
        (OaiIdentity(), None, ""),
        (OaiIdentity(), datetime(2026, 11, 20, 15, tzinfo=UTC), "2026-11-18"),
        (OaiIdentity(has_seconds=True), datetime(2026, 11, 20, 15, 1, 2, tzinfo=UTC), "2026-11-18T15:01:02Z"),
        (OaiIdentity(earliest=datetime(2026, 11, 19, tzinfo=UTC)), datetime(2026, 11, 20, tzinfo=UTC), "2026-11-19"),
        (OaiIdentity(), datetime(2030, 1, 1, tzinfo=UTC), "2026-11-23"),
        (OaiIdentity(earliest=datetime(2099, 1, 1, tzinfo=UTC)), datetime(2026, 1, 1, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_changes_are_asked_for_in_the_repositorys_own_terms(repository, moment, argument):
    assert since_argument(Since(moment, NOW), repository, overlap=timedelta(hours=48)) == argument


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://x.org/oai", "https://x.org/oai?verb=ListRecords&metadataPrefix=oai_dc&set=a%3Ab&from=2026-01-01"),
        ("https://x.org/oai?verb=Identify&repo=1",
         "https://x.org/oai?repo=1&verb=ListRecords&metadataPrefix=oai_dc&set=a%3Ab&from=2026-01-01"),
        ("https://x.org", "https://x.org/?verb=ListRecords&metadataPrefix=oai_dc&set=a%3Ab&from=2026-01-01"),
    ],
)  # fmt: skip
def test_a_request_is_written_as_an_address(base, url):
    assert OaiRequest(base, "ListRecords", prefix="oai_dc", set="a:b", since="2026-01-01").url == url


def test_a_token_is_sent_alone_and_escaped():
    asking = OaiRequest(BASE, "ListRecords", prefix="oai_dc", set="a", since="2026-01-01", token="a/b c&d=é+")
    assert asking.url == f"{BASE}?verb=ListRecords&resumptionToken=a%2Fb+c%26d%3D%C3%A9%2B"


def listed(*numbers: int, token: str = "", at: str = "2020-01-01", size: str = "", life: str = "") -> OaiAnswer:
    attributes = (f' completeListSize="{size}"' if size else "") + (f' expirationDate="{life}"' if life else "")
    last = f"<resumptionToken{attributes}>{token}</resumptionToken>"
    return read_answer(answer(*(record(number, at=at, inner=PAGE.format(number)) for number in numbers), last))


def walk(**others) -> ListHarvest:
    return ListHarvest(OaiRequest(BASE, "ListRecords", prefix="oai_dc", **others), has_seconds=True, pages_max=100)


def test_a_list_that_repeats_its_records_under_new_tokens_ends():
    reading = walk()
    steps = [reading.take(listed(1, 2, token=f"t{number}")) for number in range(3)]
    assert [step.records for step in steps] == [2, 0, 0]
    assert "does not end" in told(steps[-1].trouble)


def test_a_list_of_empty_answers_ends():
    reading = walk()
    steps = [reading.take(read_answer(answer(f"<resumptionToken>t{n}</resumptionToken>"))) for n in range(2)]
    assert "brought no records" in told(steps[-1].trouble)


def test_a_token_that_runs_out_soon_is_used_first():
    assert walk().take(listed(1, token="t", life="2026-01-01T00:05:00Z")).hurry
    assert not walk().take(listed(1, token="t", life="2026-01-02T00:00:00Z")).hurry
    assert not walk().take(listed(1, token="t")).hurry


def test_a_list_that_lost_records_after_it_was_begun_again_is_begun_once_more_from_its_start():
    reading = walk()
    reading.take(listed(1, 2, token="t1", size="5"))
    again = reading.take(read_answer(error("badResumptionToken")))
    assert again.asking.since == "2020-01-01"
    whole = reading.take(listed(2, 3))
    assert (whole.asking.since, whole.asking.token) == ("", "")
    assert "2 of 5 announced records were not delivered" in told(whole.note)
    last = reading.take(listed(1, 2, 3, 4, 5))
    assert (last.records, last.asking, told(last.trouble)) == (2, None, "")


def test_a_list_is_begun_again_to_the_second_where_datestamps_have_seconds():
    reading = walk()
    reading.take(listed(1, token="t1", at="2020-01-01T10:00:00Z"))
    assert reading.take(read_answer(error("badResumptionToken"))).asking.since == "2020-01-01T10:00:00Z"


def test_seconds_that_a_repository_refuses_are_left_out():
    reading = walk(since="2026-01-01T10:00:00Z")
    step = reading.take(read_answer(error("badArgument", "from")))
    assert step.asking.since == "2026-01-01"
    assert reading.take(read_answer(error("badArgument", "from"))).asking is None


def test_nothing_new_is_no_failure_but_nothing_at_all_is_worth_a_note():
    step = walk(since="2026-01-01").take(read_answer(error("noRecordsMatch")))
    assert (told(step.trouble), step.note, step.asking) == ("", None, None)
    assert (
        told(walk(set="labour").take(read_answer(error("noRecordsMatch"))).note)
        == "There are no records in the set labour."
    )


def test_no_records_in_the_middle_of_a_list_is_trouble():
    reading = walk()
    reading.take(listed(1, token="t1"))
    assert "In the middle" in told(reading.take(read_answer(error("noRecordsMatch"))).trouble)


def test_a_repository_that_forgets_deletions_is_named_when_only_changes_are_asked_for():
    identify = answer("<deletedRecord>transient</deletedRecord>", verb="Identify")
    later = RepositoryHarvest(BASE, OaiRules(), since=Since(datetime(2026, 1, 1, tzinfo=UTC), NOW))
    assert "a full run finds them" in told(later.take(read_answer(identify)).note)
    assert RepositoryHarvest(BASE, OaiRules(), since=Since(None, NOW)).take(read_answer(identify)).note is None


def test_a_list_that_fails_does_not_keep_the_next_set_from_being_asked_for():
    reading = RepositoryHarvest(BASE, OaiRules(sets=("a", "b")), since=Since(None, NOW))
    reading.take(read_answer(answer("<deletedRecord>no</deletedRecord>", verb="Identify")))
    step = reading.miss(Failure(FailureKind.TIMED_OUT))
    assert (told(step.trouble), step.asking.set) == ("The server did not answer in time.", "b")
    assert reading.take(read_answer(b"<html>")).asking is None
