"""What a harvest makes of repositories, APIs, feeds and sitemaps that misbehave: each fault is in the report, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from told import told

from corpus.files import open_files
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from demo import load_publications
from demo.publication import PublicationFormat, SampleStanding
from demo.repository import PER_ANSWER
from tests.crawler.harvesting import harvested
from tests.publisher import Fault, FaultKind, SamplePublisher
from tests.publisher.ways import WAYS

PAGES = [
    each
    for each in load_publications()
    if each.format is PublicationFormat.HTML and each.standing is SampleStanding.LISTED and each.lang != "en"
]
METADATA = "http://169.254.169.254/latest/meta-data/"
TIMEOUT = 2.0
ONE, TWO_ANSWERS = 1, PER_ANSWER + 1
"""Publications of a publisher; the second number is of those whose lists must be resumed."""

OF_ANY_LIST = {
    "sound": None,
    "missing": Fault(FaultKind.NOT_FOUND),
    "failing": Fault(FaultKind.SERVER_ERROR),
    "failing once": Fault(FaultKind.SERVER_ERROR, times=1),
    "slow": Fault(FaultKind.SLOW, seconds=6),
    "dripping": Fault(FaultKind.DRIP, seconds=0.5),
    "cut off": Fault(FaultKind.CUT_OFF),
    "redirecting to itself": Fault(FaultKind.REDIRECT_LOOP),
    "redirecting on and on": Fault(FaultKind.REDIRECT_CHAIN),
    "redirecting to metadata": Fault(FaultKind.REDIRECT, location=METADATA),
    "redirecting to a file": Fault(FaultKind.REDIRECT, location="file:///etc/passwd"),
    "empty": Fault(FaultKind.EMPTY),
    "web page": Fault(FaultKind.WEB_PAGE),
    "web page in disguise": Fault(FaultKind.NOT_WHAT_IT_SAYS),
    "of wrong type": Fault(FaultKind.WRONG_TYPE),
    "gzip bomb": Fault(FaultKind.GZIP_BOMB, megabytes=300),
    "deflate bomb": Fault(FaultKind.DEFLATE_BOMB, megabytes=300),
    "endless": Fault(FaultKind.ENDLESS_BODY, megabytes=20),
    "broken off": Fault(FaultKind.BROKEN_OFF),
    "in wrong charset": Fault(FaultKind.WRONG_CHARSET),
}
OF_TOKENS = {
    "token expiring": Fault(FaultKind.TOKEN_EXPIRES),
    "token repeating": Fault(FaultKind.TOKEN_REPEATS),
    "second answer broken off": Fault(FaultKind.BROKEN_OFF, after=2),
}
OVERCOME = {"sound", "failing once", "of wrong type", "in wrong charset"}
"""Faults in spite of which everything comes."""
REASONS = {
    "missing": "The server answered 404 (not found).",
    "failing": "The server answered 500 (internal server error).",
    "slow": "The server did not answer in time.",
    "dripping": "The server did not answer in time.",
    "cut off": "The answer was cut off in the middle.",
    "redirecting to itself": "It redirects in a circle, or too often.",
    "redirecting on and on": "It redirects in a circle, or too often.",
    "redirecting to metadata": "169.254.169.254 is an address of a private network or of this machine.",
    "redirecting to a file": "The server answered 302 (found) without a web address to redirect to.",
    "gzip bomb": "Decompressed, it is larger than allowed; it may be a decompression bomb.",
    "deflate bomb": "Decompressed, it is larger than allowed; it may be a decompression bomb.",
    "endless": "It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows.",
}
"""What the report says of those that are the same for every protocol."""


@dataclass(frozen=True)
class Trouble:
    """One harvest of many publishers, each with its own fault, as the lists of one source."""

    run: HarvestRun
    reasons: Mapping[str, str]
    """By fault: why its list could not be read."""
    brought: Mapping[str, int]
    """By fault: how many files came from its publisher."""
    healed: HarvestRun
    """The next harvest, without any fault."""
    lost: int
    """Files in the store whose bytes are not."""


@contextmanager
def publishers(faults: Mapping[str, Fault | None], *, path: str) -> Iterator[dict[str, SamplePublisher]]:
    """Serve one small publisher for each fault."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                SamplePublisher(
                    faults={path: fault} if fault else {},
                    publications=PAGES[: TWO_ANSWERS if name in OF_TOKENS else ONE],
                )
            )
            for name, fault in faults.items()
        }


def harvest_troubled(way: str, faults: Mapping[str, Fault | None], *, folder) -> Trouble:
    """Harvest them all in one run, heal them, and harvest again."""
    settings = Settings(data_dir=folder / "data", file_mebibytes_max=1)
    with publishers(faults, path=WAYS[way].list_path) as sites, open_store(settings) as store:
        first = WAYS[way].source("http://127.0.0.1:1", slug=way, timeout_seconds=TIMEOUT)
        source = first.model_copy(update={"start": tuple(f"{site.url}{WAYS[way].start}" for site in sites.values())})
        run = harvested(source, settings)
        name_of = {site.url: name for name, site in sites.items()}
        reasons = {
            name_of.get(f"http://{urlsplit(failure.url).netloc}", "redirecting to metadata"): told(failure.reason)
            for failure in reversed(run.failures)  # the first counts: a list fails before what was read of it
        }
        urls = [file.url for file in store.files.outcomes()]
        brought = {name: sum(url.startswith(f"{site.url}/") for url in urls) for name, site in sites.items()}
        for site in sites.values():
            site.switch({})
        healed = harvested(source, settings)
        files = open_files(settings)
        lost = sum(not files.has(file.sha256) for file in store.files.outcomes())
    return Trouble(run, reasons, brought, healed, lost)


OWN_WORDS = {
    "oai-dc": {
        "empty": "The server sent nothing where an answer of its repository was expected.",
        "web page": "The server sent a web page (One moment) where an answer of its repository was expected.",
        "web page in disguise": "The server sent a web page (One moment) where an answer of its repository was expected.",
        "broken off": "The answer breaks off",
        "token repeating": "The list goes in a circle",
        "second answer broken off": "The answer breaks off",
    },
    "sitemap": {
        "empty": "This is not a sitemap: it is neither XML nor a list of addresses, one per line.",
        "web page": "This is not a sitemap but a web page.",
        "web page in disguise": "This is not a sitemap but a web page.",
        "broken off": "The sitemap is cut off before its end.",
    },
    "api": {
        "empty": "The answer is empty.",
        "web page": "The answer is a web page ('One moment'), not JSON.",
        "web page in disguise": "The answer is a web page ('One moment'), not JSON.",
        "broken off": "The answer is not JSON (",
    },
    "json-feed": {
        "empty": "This is not a feed: it is neither RSS nor Atom nor JSON Feed.",
        "web page": "This is not a feed: it is neither RSS nor Atom nor JSON Feed.",
        "web page in disguise": "This is not a feed: it is neither RSS nor Atom nor JSON Feed.",
        "broken off": "The feed is not well formed JSON (",
    },
}
"""What the report says of the others, or how it begins."""


@pytest.fixture(scope="module", params=OWN_WORDS)
def troubled(request, tmp_path_factory):
    """Return the way, and what came of all faults that make sense for it."""
    way = request.param
    faults = {**OF_ANY_LIST, **(OF_TOKENS if way == "oai-dc" else {})}
    return way, harvest_troubled(way, faults, folder=tmp_path_factory.mktemp(way))


def test_a_run_over_many_faults_ends_and_does_not_take_itself_for_complete(troubled):
    _, trouble = troubled
    assert trouble.run.state is RunState.FINISHED  # its sound lists brought what was promised
    assert not trouble.run.is_complete
    assert trouble.run.failures_left_out == 0
    assert trouble.run.seconds < 60
    assert f"{trouble.run.pages_failed} of the lists could not be read." in told(trouble.run)


def test_each_fault_has_its_outcome_in_words(troubled):
    way, trouble = troubled
    expected = {**REASONS, **OWN_WORDS[way]}
    said = {name: trouble.reasons.get(name, "") for name in expected}
    assert {name: words for name, words in said.items() if not words.startswith(expected[name])} == {}


def test_faults_that_can_be_overcome_cost_nothing(troubled):
    _, trouble = troubled
    assert {name: trouble.brought[name] for name in OVERCOME} == dict.fromkeys(OVERCOME, ONE)
    assert not OVERCOME & set(trouble.reasons)


def test_what_came_before_a_list_broke_off_is_kept(troubled):
    _, trouble = troubled
    first_answer = PER_ANSWER - 1  # one of its records is deleted
    expected = {
        "token expiring": TWO_ANSWERS,
        "token repeating": first_answer,
        "second answer broken off": first_answer,
    }
    assert {name for name, least in expected.items() if trouble.brought.get(name, least) < least} == set()


def test_once_healed_everything_comes_and_nothing_was_lost(troubled):
    _, trouble = troubled
    assert trouble.healed.held == sum(TWO_ANSWERS if name in OF_TOKENS else ONE for name in trouble.brought)
    assert trouble.healed.is_complete
    assert trouble.lost == 0
