"""From copies of a file and its reading to a document."""

from __future__ import annotations

from builders import A_DAY, make_fetched, make_tag, offered, sha256_of

from corpus.types import Document, Outcome, Page, Reading, Tag
from nlp.documents import build_document
from nlp.language import language_of
from nlp.pipeline.passages import TaggedText

EN = "Street vendors in the city sell cooked food and pay a fee for the space in which they work every day. "
ES = "Las vendedoras ambulantes de la ciudad venden comida preparada y pagan cada día por el espacio en el que trabajan. "
FR = "Les vendeuses de rue de la ville vendent des plats préparés et paient chaque jour pour l'espace où elles travaillent. "
PT = "As vendedoras ambulantes da cidade vendem comida pronta e pagam todos os dias pelo espaço em que trabalham. "


class RecordingTagger:
    """Tags everything with one concept, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[TaggedText] = []

    def tag(self, text: TaggedText) -> tuple[Tag, ...]:
        self.asked.append(text)
        return (make_tag("group", "street_vendors"),)


def make_reading(*texts: str, **others) -> Reading:
    pages = tuple(Page(number, text) for number, text in enumerate(texts, start=1))
    return Reading(
        **{"sha256": sha256_of("x"), "outcome": Outcome.READ, "pages": pages, "engine": "pdfminer.six"} | others
    )


def build(*texts: str, evidence=None, tagger=None, url: str = "https://example.org/a.pdf", **reading) -> Document:
    copies = (make_fetched(url, evidence=evidence or {}),)
    return build_document(
        copies,
        make_reading(*texts, **reading),
        id="d1",
        work="w1",
        first_seen=A_DAY,
        tagger=tagger or RecordingTagger(),
    )


def test_a_document_holds_pages_tags_and_what_was_chosen() -> None:
    said = {
        "title": (offered("Vendors of Lima", "landing:og"),),
        "date": (offered("mayo de 2019", "landing:og"),),
    }
    document = build(EN * 5, evidence=said)
    assert (document.title, document.published, document.lang, document.page_count) == (
        "Vendors of Lima",
        "2019-05",
        "en",
        1,
    )
    assert [tag.concept for tag in document.tags] == ["street_vendors"]
    assert document.pages[0].text == EN * 5


def test_the_tagger_gets_title_pages_language_and_the_catalogue_s_countries() -> None:
    tagger = RecordingTagger()
    said = {
        "title": (offered("Vendedoras de Lima", "sidecar"),),
        "country": (
            offered("Perú", "sidecar"),
            offered("BOL", "sidecar"),
            offered("Nowhere", "sidecar"),
        ),
        "keyword": (offered("mercados", "sidecar"),),
    }
    build(ES * 5, evidence=said, tagger=tagger)
    (asked,) = tagger.asked
    assert (asked.title, asked.lang, asked.keywords) == ("Vendedoras de Lima", "es", ("mercados",))
    assert asked.countries == ("PER", "BOL")


def test_what_every_copy_said_is_kept() -> None:
    copies = (
        make_fetched("https://example.org/a.pdf", evidence={"title": (offered("The link", "link"),)}),
        make_fetched(
            "https://example.net/b.pdf",
            evidence={"title": (offered("The true title", "landing:citation_title"),)},
            landing_url="https://example.net/b",
        ),
    )
    document = build_document(copies, make_reading(EN), id="d1", work="d1", first_seen=A_DAY, tagger=RecordingTagger())
    assert document.title == "The true title"
    assert (document.url, document.landing_url) == ("https://example.org/a.pdf", "https://example.net/b")
    assert {offer.value for offer in document.evidence["title"]} >= {"The link", "The true title"}


def test_a_scan_is_a_document_of_its_metadata() -> None:
    said = {
        "title": (offered("Encuesta de hogares", "feed"),),
        "lang": (offered("es-PE", "feed"),),
    }
    document = build("", "", evidence=said, outcome=Outcome.SCANNED)
    assert (document.title, document.lang, document.page_count) == ("Encuesta de hogares", "es", 2)


def test_an_html_reading_is_a_web_page_whatever_was_declared() -> None:
    document = build(EN * 3, engine="trafilatura")
    assert (document.content_type, document.type) == ("text/html", "web_page")


def test_the_same_in_gives_the_same_out() -> None:
    assert build(EN * 5) == build(EN * 5)


class TestLanguage:
    def test_the_four_languages_and_others_are_told(self) -> None:
        others = {
            "id": "Pedagang kaki lima di kota menjual makanan dan membayar biaya setiap hari untuk tempat mereka bekerja. ",
            "ro": "Vânzătorii ambulanți din oraș vând mâncare gătită și plătesc zilnic pentru spațiul în care muncesc. ",
            "ar": "يبيع الباعة المتجولون في المدينة الطعام ويدفعون كل يوم مقابل المكان الذي يعملون فيه. ",
        }
        for lang, text in {"en": EN, "es": ES, "fr": FR, "pt": PT, **others}.items():
            assert language_of([text * 8]) == lang

    def test_most_of_the_text_decides(self) -> None:
        assert language_of([EN * 3, *[PT * 10] * 6]) == "pt"

    def test_too_little_text_tells_nothing(self) -> None:
        assert language_of([]) == language_of(["12.5 34.1"]) == language_of(["Annex A"]) == "und"
