"""Words that a line end broke: with their hyphen where it belongs, and without where not."""

from __future__ import annotations

import pytest

from nlp.reading.paragraphs import SeenWords, join_broken_words

KEPT = """
piece- rate|decision- making|e- waste|main- d’œuvre|mão- de-obra|recém- chegada|guarda- roupa|porte- monnaie|home- based
own- account|non- governmental|twenty- five|well- being|long- term|low- income|part- time|full- time|sub- Saharan|Anglo- Saxon
ILO- led|labour- intensive|policy- relevant|child- friendly|job- related|mid- term|brick- kiln|self- employed
sous- traitance|vice- président|quasi- emploi|celle- ci|peut- être|après- midi|elle- même|plus- value|demi- journée|mi- temps
torná- lo|fazê- las|dar- lhe|segunda- feira|bem- sucedida|pós- guerra|além- mar|técnico- administrativas|político- social
undang- undang|barang- barang|boda- boda|main-d'œuvre- intensive|state-of- the-art|taxi-brousse-à- louer
""".strip().replace("\n", "|").split("|")  # fmt: skip
JOINED = """
infor- mal|eco- nomy|wor- kers|munici- pality|under- standing|un- skilled|inter- related|re- oriented|unem- ployed|follow- ing
part- ner|high- lights|short- ages|own- ership|ex- penditure|ex- ample|mid- dle|men- tal|ten- sion|sepa- rate|corpo- rate|damag- ed
crecí- miento|pobla- ción|artícu- los|térmi- nos|escue- la|pala- bras|tra- bajo|desa- rrollo|comer- cio|econó- mico
infor- mel|aujour- d’hui|ensei- gnement|moyen- ne|plu- sieurs|avant- ages|au- teur|au- tres|mi- nistère|tra- vailleurs
infor- mal|traba- lho|ren- da|domés- tica|popu- lação|cri- anças|huma- nos|direi- tos|negó- cios
""".strip().replace("\n", "|").split("|")  # fmt: skip


def joined(broken: str, *, document: str = "") -> str:
    first, second = broken.split(" ", 1)
    words = SeenWords()
    words.add(f"{document}\n{first}\n{second}")
    return join_broken_words([first, second], words=words)


@pytest.mark.parametrize("broken", KEPT)
def test_a_compound_keeps_its_hyphen_though_its_document_has_it_nowhere_else(broken: str) -> None:
    assert joined(broken) == broken.replace("- ", "-", 1)


@pytest.mark.parametrize("broken", JOINED)
def test_a_word_broken_between_its_syllables_is_whole(broken: str) -> None:
    assert joined(broken) == broken.replace("- ", "", 1)


@pytest.mark.parametrize(
    ("broken", "document", "expected"),
    [
        ("co- operatives", "The cooperatives of Pune", "cooperatives"),
        ("co- operatives", "The co-operatives of Pune", "co-operatives"),
        ("re- enrolment", "re-enrolment in school", "re-enrolment"),
        ("home- based", "homebased and homebased again", "homebased"),
        ("socio-econo- mic", "economic", "socio-economic"),
        ("cross- section", "a section of the market", "cross-section"),
        ("cross- ing", "nothing of the kind", "crossing"),
    ],
)
def test_what_the_document_writes_elsewhere_comes_first(broken: str, document: str, expected: str) -> None:
    assert joined(broken, document=document) == expected


def test_a_document_that_breaks_no_words_has_only_compounds_at_its_line_ends() -> None:
    prose = "\n".join(["The vendors of the market pay a fee for the space in which they sell their goods."] * 80)
    assert joined("asylum- seekers", document=prose) == "asylum-seekers"


def test_a_document_that_breaks_words_has_not() -> None:
    prose = "\n".join(["The vendors of the market pay a fee for the space in which they sell their infor-"] * 80)
    assert joined("appren- tices", document=prose) == "apprentices"


@pytest.mark.parametrize("before", ["https://ilo.org/child-", "www.who.int/", "2021/nov/24/labour-rights-"])
def test_the_hyphens_of_an_address_are_its_own(before: str) -> None:
    assert joined(f"{before}labour- rights", document="labourrights") == f"{before}labour-rights"
