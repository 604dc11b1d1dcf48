"""Bytes of which nobody says the encoding, or says it wrongly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from corpus.decoding import decoded, encoding_of
from crawler.pages.landing_metadata import landing_evidence
from nlp.reading.html import read_html

WESTERN = [
    "Los niños y las niñas de Ñuñoa venden pan en la mañana; la señora pagó la pensión del año.",
    "¿Cuánto gana? ¡Poco! El art. 1º y el nº 5 de la ley, «así» dice, no se cumplen.",
    "Les élèves et leurs mères vont à la forêt où l’on achète des légumes très chers à crédit.",
    "« Œuvre » de la main-d’œuvre – déjà vingt cœurs… Noël",
    "São Paulo: pensões das catadoras; Conceição e João não têm informações à mão.",
    "Die Straßenhändler in München verkaufen Äpfel für fünf Öre.",
    "Gatuförsäljare på Åland säljer äpplen och öl.",
    "Gadesælgere på Øresund sælger æbler.",
    "Perché la città è più bella così? Né però.",
    "La col·laboració dels venedors és més àmplia: intel·ligència.",
    "Gratë që punojnë në shtëpi janë të pambrojtura; çfarë është kjo?",
    "The café’s “naïve” cost – £5 per kilo, 20°C, ½ of it; vendors¹ said so³.",
    "Núñez, José",
    "Añ",
]
OTHERS = [
    (
        "cp1250",
        "Pracownicy domowi w Łodzi są źle opłacani, ponieważ nie mają umów i świadczeń; częściej niż mężczyźni.",
    ),
    (
        "iso8859_2",
        "Pracownicy domowi w Łodzi są źle opłacani, ponieważ nie mają umów i świadczeń; częściej niż mężczyźni.",
    ),
    ("cp1250", "Pouliční prodavači v Brně pracují bez smlouvy a nemají žádné zabezpečení; ženy častěji, říká úřad."),
    (
        "cp1250",
        "Lucrătorii casnici din Bucureşti nu au contracte şi nici asigurări sociale; munca e în economia informală.",
    ),
    (
        "cp1254",
        "Ev işçileri İstanbul'da sözleşmesiz çalışıyor; kadınlar daha fazla kayıt dışı çalışıyor, diğer ağır işlerde.",
    ),
    ("cp1257", "Gatvės prekeiviai dirba be sutarčių ir neturi socialinės apsaugos; moterys dažniau nei vyrai."),
    ("cp1251", "Уличные торговцы работают без договора и не имеют социальной защиты; женщины чаще мужчин."),
    ("cp1253", "Οι πλανόδιοι πωλητές εργάζονται χωρίς σύμβαση και δεν έχουν κοινωνική ασφάλιση."),
    ("cp1256", "الباعة المتجولون يعملون بدون عقد وليس لديهم حماية اجتماعية والنساء أكثر من الرجال"),
    ("cp874", "คนงานนอกระบบในประเทศไทยไม่มีประกันสังคมและทำงานหนัก"),
    ("mac_roman", "Los niños y las niñas de España venden pan en la mañana; la señora pagó la pensión del año."),
    ("cp850", "Los niños y las niñas de España venden pan en la mañana; la señora pagó la pensión del año."),
    ("utf-8", "Los niños venden pan; 労働者"),
    ("utf-16", "Los niños venden pan"),
]


@pytest.mark.parametrize("text", WESTERN)
def test_windows_1252_needs_no_declaration(text: str) -> None:
    assert decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("encoding", "text"), OTHERS, ids=[f"{name}-{place}" for place, (name, _text) in enumerate(OTHERS)]
)
def test_other_encodings_are_told_by_their_words(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("text", WESTERN[:8])
def test_a_wrong_declaration_is_not_believed(text: str) -> None:
    assert decoded(text.encode("cp1252"), declared=["utf-8"]) == text


def test_a_declaration_that_the_bytes_bear_out_is_believed() -> None:
    assert encoding_of("žluťoučký".encode("cp1250"), declared=["windows-1250"]) == "windows-1250"
    assert encoding_of("niño".encode("cp1252"), declared=["iso-8859-1"]) == "cp1252"
    assert encoding_of("niño".encode("cp1252"), declared=["no-such-thing", "utf-8"]) == "cp1252"


def test_a_wrong_byte_in_utf_8_does_not_spoil_the_rest() -> None:
    assert decoded("niños y señoras, São Paulo".encode() + b"\xff") == "niños y señoras, São Paulo\ufffd"


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize("header", ["text/html", "", "text/html; charset=utf-8"])
def test_pages_of_publishers_are_read_alike_by_harvest_and_reader(text: str, header: str) -> None:
    title = text.replace("&", "&amp;")
    head = f'<title>{title}</title><meta name="citation_author" content="Peña, Zoë">'
    body = f"<html><head>{head}</head><body><p>{title}</p></body></html>"
    response = HtmlResponse(
        "https://a.example/1", body=body.encode("cp1252"), headers={"Content-Type": header} if header else {}
    )
    evidence = landing_evidence(response)
    assert [each.value for each in evidence["title"]][:1] == [text]
    assert [each.value for each in evidence["author"]] == ["Peña, Zoë"]
    assert text in read_html(body.encode("cp1252"), content_type=header, url="")[0]


@pytest.mark.shared
def test_the_given_cases_are_read(shared_data: Path) -> None:
    folder = shared_data / "cases" / "undeclared-latin1"
    cases = {case["id"]: case for case in map(json.loads, (folder / "cases.jsonl").read_text("utf-8").splitlines())}
    assert decoded((folder / "b044.txt").read_bytes()).strip() == cases["B044"]["input"].strip()
    assert (
        "Les élèves et leurs mères vont à la forêt"
        in read_html((folder / "b050.html").read_bytes(), content_type="text/html", url="")[0]
    )
    for name in ("B046", "B047"):
        response = HtmlResponse("https://a.example/1", body=(folder / f"{name.lower()}.html").read_bytes())
        evidence = landing_evidence(response)
        assert f"{evidence['title'][0].value} / {evidence['author'][0].value}" == cases[name]["input"]
