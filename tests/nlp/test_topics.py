"""Topics: the themes that a text treats or names in substance, in words of texts as in names."""

from __future__ import annotations

from itertools import product

import pytest

from corpus.types import Facet, Page
from corpus.vocabulary import Strength, load_vocabulary
from corpus.vocabulary.spelling import plain
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger
from search_api.query.concepts import ConceptFinder

SUBJECTS = {
    "en": ("The project", "Since 2019 the council", "A local group"),
    "es": ("El proyecto", "Desde 2019 el municipio", "Un grupo local"),
    "fr": ("Le projet", "Depuis 2019 la commune", "Un groupe local"),
    "pt": ("O projeto", "Desde 2019 o município", "Um grupo local"),
}
TREATED = {
    "en": {
        "gender": "works on women’s empowerment with young women and girls in the district.",
        "skills_education": "runs vocational training, and the training gives young people new skills.",
        "digital_economy": "built a mobile app that links people to an online platform.",
        "rural_livelihoods": "reaches farmers in rural areas and helps them with irrigation of their crops.",
        "waste_recycling_policy": "wants waste segregation at the source, and a recycling programme for plastic waste.",
        "finance_credit": "brings mobile money and savings groups to those without a bank account.",
        "enterprise_productivity": "supports startups, small businesses and young entrepreneurs.",
        "trade_value_chains": "improves market access and market linkages along the value chain.",
        "climate": "prepares for droughts, floods and heatwaves.",
        "urban_policy_public_space": "changes public spaces with tactical urbanism for pedestrians.",
        "covid19": "answers the COVID-19 pandemic with social distancing.",
    },
    "es": {
        "gender": "promueve el empoderamiento de las mujeres y la igualdad de género.",
        "skills_education": "ofrece capacitación y formación técnica a jóvenes.",
        "digital_economy": "creó una aplicación móvil y una plataforma digital.",
        "rural_livelihoods": "trabaja con agricultores de comunidades rurales y sus cultivos.",
        "waste_recycling_policy": "impulsa la separación en la fuente y la gestión de residuos sólidos.",
        "finance_credit": "da educación financiera y acceso a crédito.",
        "enterprise_productivity": "apoya a emprendedoras y a micro y pequeñas empresas.",
        "climate": "se prepara para sequías e inundaciones.",
    },
    "fr": {
        "gender": "soutient les femmes et les jeunes filles par des groupements féminins.",
        "skills_education": "assure la formation et le renforcement des capacités des jeunes.",
        "digital_economy": "a créé une application mobile et une plateforme numérique.",
        "rural_livelihoods": "aide les agriculteurs et les éleveurs en milieu rural.",
        "waste_recycling_policy": "organise le tri des déchets et la gestion des déchets plastiques.",
        "finance_credit": "propose le microcrédit, l’épargne et des services financiers.",
        "enterprise_productivity": "accompagne les jeunes entrepreneurs et les PME.",
        "climate": "prépare les villages à la sécheresse et aux inondations.",
    },
    "pt": {
        "gender": "trabalha pelo empoderamento das mulheres e das raparigas.",
        "skills_education": "oferece formação e capacitação a jovens.",
        "digital_economy": "criou um aplicativo e uma plataforma digital.",
        "rural_livelihoods": "apoia agricultores e comunidades rurais.",
        "finance_credit": "leva microcrédito e serviços financeiros a todos.",
        "enterprise_productivity": "apoia empreendedoras e pequenos negócios.",
        "climate": "prepara as aldeias para secas e inundações.",
    },
}
OTHER_SENSES = [
    ("es", "gender", "La turbina va a generar energía y genera empleo cuando se generan recursos."),
    ("fr", "gender", "Ce genre d’initiative doit continuer, et ce genre de projet aussi."),
    ("fr", "law_regulation", "Cette visite a permis de comprendre le projet et nous a permis d’avancer."),
    ("en", "organizing_representation", "We organized a workshop and organize an event on women in science."),
    (
        "en",
        "formalization",
        "Our partnership with the council was formalized in May, and the collaboration was formalized too.",
    ),
    ("pt", "child_care", "As queixas sobre os cuidados em hospitais e cuidados médicos são comuns."),
    ("pt", "refugees_conflict", "As famílias procuram meios de vida e outros meios de vida."),
    ("es", "waste_recycling_policy", "¿En qué etapa de la gestión de residuos sólidos incides o buscas incidir?"),
    ("en", "earnings_poverty", "Goal 8: Decent work and economic growth"),
    ("en", "statistics_measurement", "Please describe the data collection technique and the data collection team."),
]
FILLER = {
    "en": "The river was high that year and nobody crossed it before the snow had gone. ",
    "es": "El río estaba alto aquel año y nadie lo cruzó antes de que se fuera la nieve. ",
    "fr": "La rivière était haute cette année et personne ne la traversa avant la fonte des neiges. ",
    "pt": "O rio estava alto naquele ano e ninguém o atravessou antes de a neve se ir. ",
}


@pytest.fixture(scope="module")
def topics_of():
    tagger = open_tagger()

    def topics_of(text: str, *, lang: str, title: str = "") -> set[str]:
        tags = tagger.tag(TaggedText(title=title, pages=(Page(1, text),), lang=lang))
        return {tag.concept for tag in tags if tag.facet is Facet.TOPIC}

    return topics_of


@pytest.mark.parametrize(("lang", "topic"), [(lang, topic) for lang in TREATED for topic in TREATED[lang]])
def test_a_short_text_that_treats_a_theme_in_everyday_words_has_its_topic(topics_of, lang, topic):
    texts = [f"{subject} {TREATED[lang][topic]}" for subject in SUBJECTS[lang]]
    assert [text for text in texts if topic not in topics_of(text, lang=lang)] == []


@pytest.mark.parametrize(("lang", "topic", "text"), OTHER_SENSES)
def test_a_word_in_another_sense_makes_no_topic(topics_of, lang, topic, text):
    assert topic not in topics_of(f"{FILLER[lang]}{text} {FILLER[lang]}", lang=lang)


def test_one_word_in_passing_makes_no_topic(topics_of):
    words = ("training", "farmers", "entrepreneurs", "poverty", "drought", "women", "digital", "regulations")
    texts = [f"{FILLER['en']}Somebody spoke of {word} there. {FILLER['en']}" for word in words]
    assert [topics_of(text, lang="en") for text in texts] == [set()] * len(words)


def test_one_word_of_the_title_makes_a_topic(topics_of):
    assert "rural_livelihoods" in topics_of(FILLER["en"], lang="en", title="Farmers of the north")


def test_the_longer_a_text_the_more_sentences_a_topic_needs(topics_of):
    once = "They have no access to credit. "
    assert "finance_credit" in topics_of(FILLER["en"] * 5 + once, lang="en")
    assert "finance_credit" not in topics_of(FILLER["en"] * 60 + once, lang="en")
    assert "finance_credit" in topics_of((FILLER["en"] * 20 + once) * 4, lang="en")


def test_a_book_needs_no_more_sentences_than_a_report(topics_of):
    assert "finance_credit" in topics_of((FILLER["en"] * 60 + "They have no access to credit.\n\n") * 5, lang="en")


def test_informal_workers_alone_are_not_the_theory_of_informality(topics_of):
    texts = [f"{who} sell food there every day." for who in ("Informal workers", "People of the informal sector")]
    assert [topics_of(text, lang="en") & {"informality_concepts"} for text in texts] == [set(), set()]


def test_words_of_texts_widen_no_search():
    vocabulary = load_vocabulary()
    finder = ConceptFinder(vocabulary)
    terms = [term for term in vocabulary.terms(Facet.TOPIC) if term.strength is Strength.TEXT]
    named = {
        plain(form)
        for term in vocabulary.terms(Facet.TOPIC)
        if term.strength is not Strength.TEXT
        for form in term.forms
    }
    only_of_texts = [("rural_livelihoods", "farmer"), ("gender", "girls"), ("climate", "CO2 emissions")]
    assert len(terms) > 1000
    for concept, words in only_of_texts:
        assert plain(words) not in named
        found = {each for stretch in finder.find(words.split()) for each in stretch.concepts}
        assert (Facet.TOPIC, concept) not in found


def test_every_language_has_words_of_texts_for_the_themes_that_are_written_of_most():
    found = {
        (term.concept, term.lang) for term in load_vocabulary().terms(Facet.TOPIC) if term.strength is Strength.TEXT
    }
    assert found >= set(product(TREATED["en"], ("en", "es", "fr", "pt")))
