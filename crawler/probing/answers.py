"""What was asked of a site and what it answered: the values between the asking and the readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from scrapy.http import Response, TextResponse

from corpus.reasons import Failure
from crawler.pipelines import sniff


class Purpose(StrEnum):
    """What an address is asked for."""

    PAGE = "page"
    """The address that a person gave, or a page that may list publications."""
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    FEED = "feed"
    OAI = "oai"
    """`?verb=Identify` of what may be a repository."""
    OAI_COUNT = "oai_count"
    """`?verb=ListIdentifiers` of what is one."""
    API = "api"


@dataclass(frozen=True, slots=True)
class Question:
    """One request."""

    url: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What one request brought."""

    question: Question
    response: Response | None = None
    """None: there was no usable answer; `reason` says why."""
    reason: Failure | None = None

    @property
    def page(self) -> TextResponse | None:
        """Return the answer as a text with markup; None when it is none."""
        response = self.response
        if not isinstance(response, TextResponse) or sniff(response.body) == "application/pdf":
            return None
        return response

    @property
    def content_type(self) -> str:
        """Return the media type as the server sent it; empty when it sent none."""
        if self.response is None:
            return ""
        return (self.response.headers.get(b"Content-Type") or b"").decode("latin-1")


class Answers:
    """The answers so far, in the order of the asking; each address once."""

    def __init__(self, answers: Iterable[ProbeAnswer] = ()) -> None:
        self._by_url = {answer.question.url: answer for answer in answers}

    def add(self, answer: ProbeAnswer) -> None:
        """Take one more."""
        self._by_url[answer.question.url] = answer

    def __len__(self) -> int:
        return len(self._by_url)

    def __contains__(self, url: object) -> bool:
        return url in self._by_url

    def get(self, url: str) -> ProbeAnswer | None:
        """Return the answer of an address; None when it was not asked."""
        return self._by_url.get(url)

    def questions(self) -> tuple[Question, ...]:
        """Return what was asked, in order."""
        return tuple(each.question for each in self._by_url.values())

    def of(self, *purposes: Purpose) -> Iterator[ProbeAnswer]:
        """Yield the usable answers to questions of these purposes."""
        return (
            each for each in self._by_url.values() if each.question.purpose in purposes and each.response is not None
        )

    def failures(self) -> tuple[ProbeAnswer, ...]:
        """Return the questions that brought nothing usable."""
        return tuple(each for each in self._by_url.values() if each.response is None)
