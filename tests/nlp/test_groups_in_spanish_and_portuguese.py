"""Worker groups in everyday Spanish and Portuguese: kinds that readers found missing, and words of another sense."""

from __future__ import annotations

import pytest

from corpus.tag_rules import Zone
from corpus.types import Facet
from nlp.pipeline.passages import Passage
from nlp.pipeline.tagger import Tagger, open_tagger

FRAMES = {
    "es": (
        "El proyecto apoyó a {} del barrio.",
        "Conversamos con {} sobre la pandemia.",
        "{} piden apoyo al municipio.",
    ),
    "pt": ("O projeto apoiou {} do bairro.", "Conversámos com {} sobre a pandemia.", "{} pedem apoio ao município."),
}

PEOPLE = {
    ("es", "waste_pickers"): (
        "los recicladores", "las recicladoras", "recicladores/as de base", "la asociación de recicladores", "los cartoneros",
        "las pepenadoras", "recuperadores urbanos", "los recolectores informales", "recicladores y recicladoras",
        "una cooperativa de recicladoras", "los recolectores de basura informales",
    ),
    ("es", "street_vendors"): (
        "los canillitas", "las vendedoras ambulantes", "los vendedores de la calle", "las tamaleras", "los paleteros",
        "vendedores callejeros", "las comerciantes ambulantes", "los buhoneros", "vendedoras de empanadas", "los manteros",
    ),
    ("es", "market_traders"): (
        "las hierbateras", "los feriantes", "las comerciantes del mercado", "los vendedores del mercado", "las verduleras",
        "los puesteros de la feria", "las caseras del mercado", "los locatarios del mercado", "las feriantes",
        "comerciantes y vendedoras de los mercados",
    ),
    ("es", "smallholder_farmers"): (
        "los agricultores", "las agricultoras", "agricultores/as", "los pequeños productores", "las productoras de cacao",
        "los campesinos", "las caficultoras", "los apicultores", "productores agropecuarios", "las familias campesinas",
        "guardianas de semillas", "los horticultores",
    ),
    ("es", "fishers"): (
        "los pescadores", "las pescadoras", "las familias pesqueras", "las concheras", "los cangrejeros",
        "una cooperativa pesquera", "pescadores y pescadoras", "las comunidades pesqueras", "los acuicultores",
        "las mariscadoras",
    ),
    ("es", "artisans"): (
        "los artesanos", "las artesanas", "las tejedoras", "los carpinteros", "las alfareras", "los ceramistas",
        "tejedoras y artesanas", "los talabarteros", "las canasteras", "maestras artesanas",
    ),
    ("es", "transport_workers"): (
        "los taxistas", "los mototaxistas", "los choferes de bus", "las conductoras de taxi", "los camioneros",
        "los bicitaxistas", "los lancheros", "los microbuseros", "conductores de mototaxi", "los tricicleros",
    ),
    ("es", "garment_workers"): (
        "las costureras", "las modistas", "los sastres", "una red de costureras", "las confeccionistas",
        "los talleres de costura", "las bordadoras", "talleres de confección", "los zapateros", "obreras de la maquila",
    ),
    ("es", "informal_workers"): (
        "los trabajadores informales", "las trabajadoras por cuenta propia", "jóvenes en la informalidad",
        "mujeres de la economía popular", "los cuentapropistas", "quienes tienen un empleo informal", "el sector informal",
        "las emprendedoras informales", "trabajadores sin contrato", "personas con trabajos informales",
        "los negocios informales",
    ),
    ("pt", "waste_pickers"): (
        "os catadores", "as catadoras", "catadores(as) de lixo", "uma associação de catadores", "os catadores informais",
        "as cooperativas de catadores", "os carrinheiros", "catadores e catadoras", "catadoras de materiais recicláveis",
        "os coletores de recicláveis",
    ),
    ("pt", "street_vendors"): (
        "os ambulantes", "as zungueiras", "os camelôs", "as vendedoras de rua", "os pipoqueiros", "vendedeiras ambulantes",
        "os vendedores de praia", "as quitandeiras", "os marreteiros", "vendedores ambulantes",
    ),
    ("pt", "market_traders"): (
        "os feirantes", "as feirantes", "as vendedeiras do mercado", "os vendedores da feira", "as comerciantes do mercado",
        "os comerciantes dos mercados", "vendedoras nos mercados", "as barraqueiras", "permissionários de mercado",
        "vendedores de feira",
    ),
    ("pt", "smallholder_farmers"): (
        "os agricultores", "as agricultoras", "agricultores(as)", "os camponeses", "as camponesas", "os lavradores",
        "os pequenos produtores", "produtores rurais", "os apicultores", "agricultores familiares",
    ),
    ("pt", "fishers"): (
        "os pescadores", "as pescadoras", "as marisqueiras", "os pescadores artesanais", "as comunidades pesqueiras",
        "a colônia de pescadores", "pescadores e marisqueiras", "os ostreiros", "as peixeiras", "os caranguejeiros",
    ),
    ("pt", "forest_gatherers"): (
        "as quebradeiras de coco", "os seringueiros", "os castanheiros", "as extrativistas", "os coletores de sementes",
        "as catadoras de mangaba", "os apanhadores de açaí", "comunidades extrativistas", "os peconheiros", "os carvoeiros",
    ),
    ("pt", "informal_workers"): (
        "os trabalhadores informais", "quem vive na informalidade", "trabalhadoras por conta própria", "o setor informal",
        "o sector informal", "trabalhadores sem carteira", "trabalhadores autônomos", "os empreendedores informais",
        "jovens com empregos informais", "trabalhadores sem contrato", "as atividades informais",
    ),
}  # fmt: skip

DOINGS = {
    ("es", "waste_pickers"): (
        "Recogen cartón en las calles de noche.", "Separan botellas y latas para venderlas.", "Viven de buscar entre la basura.",
        "Clasifica chatarra en el botadero.",
    ),
    ("es", "street_vendors"): (
        "Venden comida en la vereda.", "Ofrece frutas por las calles del centro.", "En una esquina, una señora vende jugos.",
        "Vende dulces en el semáforo.", "Venden ropa de puerta en puerta por las calles.",
    ),
    ("es", "market_traders"): (
        "Ella trabaja en el mercado desde niña.", "Venden verduras en la feria del pueblo.", "Tiene un puesto en el mercado.",
        "Las comerciantes atienden su puesto en la feria.",
    ),
    ("es", "smallholder_farmers"): (
        "Todas viven de la agricultura.", "Las familias cultivan hortalizas y maíz.", "La comunidad siembra frijol y yuca.",
        "Las mujeres siembran sus milpas.", "Los medios de vida dependen de la agricultura.",
    ),
    ("es", "fishers"): (
        "Sale a pescar con su esposo.", "Las familias viven de la pesca.", "Las mujeres recolectan conchas en el manglar.",
        "La comunidad continúa con la pesca.", "Se dedican a la pesca en el lago.",
    ),
    ("es", "garment_workers"): ("Familias dedicadas a la costura.", "Diseña y fabrica ropa en Loja.", "Confeccionan uniformes."),
    ("es", "informal_workers"): (
        "Trabajan informalmente desde jóvenes.", "La informalidad afecta a las mujeres.", "Viven al día.",
        "Trabaja sin contrato.", "Hay actividades económicas informales.", "El empleo precario e informal crece.",
        "Dependen de su ingreso diario.", "Trabajan por cuenta propia.",
    ),
    ("es", "child_labour"): ("Niños que trabajan para ayudar.", "Las niñas que trabajan no estudian."),
    ("pt", "waste_pickers"): (
        "Recolhem garrafas de vidro para vender.", "Sobrevivem catando latinhas.", "Trabalham no lixão.",
        "Catam papelão pela cidade.",
    ),
    ("pt", "street_vendors"): (
        "Vendem comida nas ruas.", "Vende água no semáforo.", "Vendem roupas de porta em porta.", "Vende pastéis na praia.",
    ),
    ("pt", "market_traders"): ("Elas trabalham na feira.", "Vende legumes no mercado.", "Trabalham no mercado."),
    ("pt", "smallholder_farmers"): (
        "As famílias cultivam mandioca e milho.", "Vivem da agricultura.", "As mulheres plantam hortaliças.",
        "A comunidade vive da roça.",
    ),
    ("pt", "fishers"): ("Vivem da pesca.", "As mulheres apanham mariscos.", "A comunidade vive da pesca."),
    ("pt", "forest_gatherers"): ("Colhem açaí na ilha.", "Apanham castanhas de caju.", "Quebram babaçu.", "Extraem óleo de palma."),
    ("pt", "informal_workers"): (
        "Trabalham sem carteira.", "Vivem de bicos.", "Trabalha por conta própria.", "Vendem informalmente.",
        "A informalidade cresceu.", "Trabalhavam sem contrato.",
    ),
}  # fmt: skip

OTHER_THINGS = {
    "es": (
        "La cerveza artesanal ganó un premio.", "El mercado laboral exige idiomas.", "Un club de pescadores ayudó a medir.",
        "El pájaro carpintero dañó la torre.", "Son tejedores de alianzas.", "Una receta de comida casera.",
        "El financiamiento semilla llegará en marzo.", "Prácticas de minería de texto en el presupuesto.",
        "Los asentamientos informales crecieron.", "Tuvieron una conversación informal.", "El productor musical viajó a Quito.",
        "Productores de petróleo y gas.", "El trabajo forzoso está prohibido.", "Responsabilidad extendida del productor.",
        "Un micrófono artesanal.", "El hilo conductor del taller.", "Cultivar relaciones de confianza entre mujeres.",
        "La informalidad urbana de la vivienda.", "El Encuentro Caminos de Siembra reunió a jóvenes.",
        "Ley de Economía Popular y Solidaria.", "Sembrar ideas en la comunidad.", "La empresa recicladora exporta metales.",
        "La Vía Campesina publicó un informe.", "Analizaron el acceso a mercados internacionales.",
    ),
    "pt": (
        "A cerveja artesanal ganhou um prémio.", "O mercado de trabalho exige idiomas.", "Uma conversa informal com amigos.",
        "Os assentamentos informais cresceram.", "O produtor musical viajou.", "O trabalho forçado é proibido.",
        "Produtores de petróleo e gás.", "Um clube de pescadores esportivos.", "O José Ferreira abriu a reunião.",
        "A identidade camponesa do festival.", "Cultivar relações de confiança com a comunidade.", "O cinema ambulante chegou.",
        "Plantar ideias na comunidade.", "Fizeram uma pesquisa de mercado.", "A indústria recicladora investiu.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def groups_in(tagger: Tagger, text: str, lang: str) -> set[str]:
    passage = Passage(text, zone=Zone.BODY, page=1, lang=lang)
    return {hit.concept for hit in tagger.hits([passage]) if hit.facet is Facet.GROUP}


@pytest.mark.parametrize(("lang", "group"), PEOPLE, ids=[" ".join(key) for key in PEOPLE])
def test_people_are_known_by_the_bare_and_local_names_of_their_trade(tagger, lang, group):
    sentences = [frame.format(people) for people in PEOPLE[lang, group] for frame in FRAMES[lang]]
    assert [text for text in sentences if group not in groups_in(tagger, text, lang)] == []


@pytest.mark.parametrize(("lang", "group"), DOINGS, ids=[" ".join(key) for key in DOINGS])
def test_people_are_known_by_what_they_do_where_no_trade_is_named(tagger, lang, group):
    assert [text for text in DOINGS[lang, group] if group not in groups_in(tagger, text, lang)] == []


@pytest.mark.parametrize("lang", OTHER_THINGS)
def test_words_in_another_sense_speak_of_no_group(tagger, lang):
    found = {text: groups_in(tagger, text, lang) for text in OTHER_THINGS[lang]}
    assert {text: groups for text, groups in found.items() if groups} == {}


def test_recyclers_are_waste_pickers_without_any_other_word(tagger):
    assert groups_in(tagger, "Los recicladores protestan en Cali.", "es") == {"waste_pickers"}
