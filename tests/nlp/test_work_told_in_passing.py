"""Work that is told in passing: by what people make, sell, drive or look for, without the name of their trade."""

from __future__ import annotations

from itertools import product

import pytest

from corpus.tag_rules import Zone
from corpus.types import Facet
from nlp.pipeline.passages import Passage
from nlp.pipeline.tagger import Tagger, open_tagger

CASES = [
    ("en", "transport_workers", "My uncle has driven a tuk-tuk in the old town since he left school."),
    ("en", "transport_workers", "He bought a second-hand motorbike and now carries passengers to the market."),
    ("en", "transport_workers", "Young men wait at the junction with their motorbikes for passengers."),
    ("en", "fishers", "The lake feeds the village: nets are mended at noon and canoes go out at dusk to fish."),
    ("en", "fishers", "Women smoke and dry the catch before it goes to town."),
    ("en", "fishers", "Trash in the dams harms the fishing livelihoods of nearby families."),
    ("en", "fishers", "They live from fishing and from a little farming."),
    ("en", "smallholder_farmers", "She grows maize and beans on half a hectare behind the house."),
    ("en", "smallholder_farmers", "Families till small plots of cassava along the river."),
    ("en", "smallholder_farmers", "Households that depend on rain-fed crops lost two harvests."),
    ("en", "smallholder_farmers", "Growers bring their tomatoes to the collection point."),
    ("en", "artisans", "He turns old tyres into sandals and sells them at the fair."),
    ("en", "artisans", "The women weave hammocks and baskets from palm leaves."),
    ("en", "artisans", "In his small workshop he welds gates and window frames."),
    ("en", "artisans", "They carve masks and sell them to tourists."),
    ("en", "waste_pickers", "Boys comb the dump for copper and bottles they can sell."),
    ("en", "waste_pickers", "People who live off what they find in the landfill will lose their income."),
    ("en", "domestic_workers", "Her mother cleans houses in the rich quarter."),
    ("en", "domestic_workers", "Many girls from the village work as maids in the capital."),
    ("en", "domestic_workers", "She was hired to cook, clean and look after the children of a family."),
    ("en", "street_vendors", "She sells roasted maize by the bus stop."),
    ("en", "street_vendors", "A man with a cart offers coconut water to passers-by."),
    ("en", "street_vendors", "Her food cart stands in front of the hospital."),
    ("en", "street_vendors", "Women with trays of oranges weave through the traffic jam to sell them."),
    ("en", "market_traders", "She has had a stall in the covered market for thirty years."),
    ("en", "market_traders", "The women who sell fish in the market pay a daily fee."),
    ("en", "construction_workers", "Masons and their helpers wait at the corner for somebody to hire them."),
    ("en", "home_based_workers", "At home she rolls incense sticks and is paid by the piece."),
    ("en", "small_scale_miners", "Whole families dig for gold by hand along the river."),
    ("en", "care_workers", "She is paid to look after an elderly man in his home."),
    ("en", "platform_workers", "He rides for Uber Eats in the evenings."),
    ("en", "informal_workers", "Most people here work without a contract or social security."),
    ("en", "informal_workers", "The pandemic hit informal traders hardest."),
    ("en", "pastoralists", "They move with their goats and camels when the wells run dry."),
    ("en", "casual_day_labourers", "He takes whatever job he is offered each morning at the corner."),
    ("es", "transport_workers", "Maneja un mototaxi desde los dieciocho años."),
    ("es", "transport_workers", "Con su triciclo lleva pasajeros y carga por el puerto."),
    ("es", "fishers", "Las familias viven de la pesca en la laguna."),
    ("es", "fishers", "Salen de madrugada en sus lanchas a echar las redes."),
    ("es", "smallholder_farmers", "Cultiva maíz y frijol en media hectárea."),
    ("es", "smallholder_farmers", "Las familias siembran yuca y plátano para comer y vender."),
    ("es", "artisans", "Tejen canastos de mimbre y los venden en la feria."),
    ("es", "artisans", "En su pequeño taller hace muebles de madera."),
    ("es", "waste_pickers", "Recogen cartón y botellas en las calles para venderlos."),
    ("es", "waste_pickers", "Vive de lo que encuentra en el basurero."),
    ("es", "domestic_workers", "Limpia casas en el barrio rico."),
    ("es", "domestic_workers", "Desde niña trabajó en casas de familia."),
    ("es", "street_vendors", "Vende empanadas en la parada del bus."),
    ("es", "street_vendors", "Ofrece jugos en un carrito frente al hospital."),
    ("es", "street_vendors", "Su puesto de tamales está en la esquina de la plaza."),
    ("es", "market_traders", "Tiene un puesto de verduras en el mercado central."),
    ("es", "construction_workers", "Trabaja de albañil cuando hay obra."),
    ("es", "migrant_workers", "Miles de migrantes venezolanos trabajan en Lima sin papeles."),
    ("es", "platform_workers", "Reparte comida en bicicleta para una aplicación."),
    ("es", "home_based_workers", "Cose en su casa y le pagan por pieza."),
    ("es", "small_scale_miners", "Familias enteras buscan oro a mano en el río."),
    ("es", "informal_workers", "La mayoría trabaja sin contrato ni seguro."),
    ("fr", "transport_workers", "Il conduit un taxi-moto depuis cinq ans."),
    ("fr", "fishers", "Les familles vivent de la pêche sur la lagune."),
    ("fr", "fishers", "Les femmes fument le poisson avant de l'envoyer en ville."),
    ("fr", "smallholder_farmers", "Elle cultive le mil et le niébé sur une petite parcelle."),
    ("fr", "smallholder_farmers", "Les familles cultivent le riz et le manioc pour vivre."),
    ("fr", "artisans", "Elles tressent des paniers et les vendent aux touristes."),
    ("fr", "artisans", "Dans son atelier, il soude des portes et des fenêtres."),
    ("fr", "waste_pickers", "Ils fouillent la décharge à la recherche de métal à revendre."),
    ("fr", "domestic_workers", "Elle fait le ménage chez des familles aisées."),
    ("fr", "street_vendors", "Elle vend des beignets devant l'école."),
    ("fr", "street_vendors", "Il propose du café dans une charrette au bord de la route."),
    ("fr", "market_traders", "Elle tient un étal de légumes au marché central."),
    ("fr", "construction_workers", "Il travaille comme maçon sur les chantiers."),
    ("fr", "migrant_workers", "Des milliers de migrants travaillent sans papiers dans les champs."),
    ("fr", "platform_workers", "Il livre des repas à vélo pour une application."),
    ("fr", "informal_workers", "La plupart travaillent sans contrat."),
    ("fr", "small_scale_miners", "Des familles entières cherchent l'or à la main dans la rivière."),
    ("fr", "home_based_workers", "Elle coud chez elle et est payée à la pièce."),
    ("pt", "transport_workers", "Ele dirige um mototáxi há cinco anos."),
    ("pt", "fishers", "As famílias vivem da pesca na lagoa."),
    ("pt", "smallholder_farmers", "Ela planta milho e feijão em meio hectare."),
    ("pt", "smallholder_farmers", "As famílias cultivam mandioca para comer e vender."),
    ("pt", "artisans", "Elas trançam cestos de palha e vendem na feira."),
    ("pt", "waste_pickers", "Recolhem papelão e latas nas ruas para vender."),
    ("pt", "waste_pickers", "Vive do que encontra no lixão."),
    ("pt", "domestic_workers", "Ela limpa casas no bairro rico."),
    ("pt", "domestic_workers", "Desde menina trabalhou em casa de família."),
    ("pt", "street_vendors", "Vende salgados no ponto de ônibus."),
    ("pt", "street_vendors", "Ele oferece café num carrinho em frente ao hospital."),
    ("pt", "market_traders", "Ela tem uma banca de verduras no mercado municipal."),
    ("pt", "construction_workers", "Trabalha como pedreiro quando há obra."),
    ("pt", "migrant_workers", "Milhares de migrantes venezuelanos trabalham em Boa Vista sem documentos."),
    ("pt", "platform_workers", "Ele entrega comida de bicicleta para um aplicativo."),
    ("pt", "informal_workers", "A maioria trabalha sem carteira assinada."),
    ("pt", "home_based_workers", "Costura em casa e recebe por peça."),
    ("pt", "small_scale_miners", "Famílias inteiras procuram ouro à mão no rio."),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def found(tagger: Tagger, text: str, lang: str, facet: Facet) -> set[str]:
    hits = tagger.hits([Passage(text, zone=Zone.BODY, page=1, lang=lang)])
    return {hit.concept for hit in hits if hit.facet is facet}


@pytest.mark.parametrize(("lang", "group", "text"), CASES)
def test_work_without_the_name_of_a_trade_names_its_group(tagger, lang, group, text):
    assert group in found(tagger, text, lang, Facet.GROUP)


APPS = {
    "es": product(
        ["La aplicación", "Una nueva app", "Esta aplicación", "La app", "Otra aplicación"],
        ["para pedir mototaxi llega a Cali.", "reúne a miles de repartidores."],
    ),
    "fr": product(
        [
            "Les plateformes numériques",
            "Une application",
            "Ces plateformes numériques",
            "La nouvelle application",
            "Les applications",
        ],
        ["font livrer des repas par des jeunes.", "paient mal leurs coursiers."],
    ),
    "pt": product(
        ["O aplicativo", "Um novo aplicativo", "Os aplicativos", "Cada aplicativo", "Aplicativos"],
        ["que reúne motoristas cresce.", "de entrega de comida pagam pouco."],
    ),
}


@pytest.mark.parametrize("lang", APPS)
def test_an_app_by_which_people_drive_or_deliver_is_of_its_sector(tagger, lang):
    texts = [" ".join(parts) for parts in APPS[lang]]
    assert len(texts) == 10
    assert [text for text in texts if "ict_platforms" not in found(tagger, text, lang, Facet.SECTOR)] == []


COURIERS = {
    "fr": product(
        ["livreurs", "livreuses", "coursiers", "livreur", "coursier"], ["à vélo sans assurance", "à vélo mal payé"]
    ),
    "pt": product(
        ["entregadores", "entregadoras", "entregador", "entregadora", "Os entregadores"],
        ["por aplicativo em greve", "por aplicativos sem seguro"],
    ),
}


@pytest.mark.parametrize("lang", COURIERS)
def test_couriers_deliver(tagger, lang):
    texts = [f"Reportagem: {' '.join(parts)}." for parts in COURIERS[lang]]
    assert [text for text in texts if "freight_delivery" not in found(tagger, text, lang, Facet.SECTOR)] == []


TOURISTS = {
    "es": product(
        ["Los turistas", "Miles de turistas", "Los visitantes", "Pocos turistas", "Las turistas"],
        ["llenan los hoteles.", "recorren el pueblo con un guía."],
    ),
    "pt": product(
        ["Os turistas", "Milhares de turistas", "Os visitantes", "Poucos turistas", "As turistas"],
        ["enchem as pousadas.", "fazem passeios com um guia."],
    ),
}


@pytest.mark.parametrize("lang", TOURISTS)
def test_tourists_where_they_stay_or_are_led_are_of_tourism(tagger, lang):
    texts = [" ".join(parts) for parts in TOURISTS[lang]]
    assert [text for text in texts if "accommodation_tourism" not in found(tagger, text, lang, Facet.SECTOR)] == []


OTHER_THINGS = [
    *(
        ("fr", f"{each} d’indemnités journalières.", "casual_day_labourers")
        for each in ("Le calcul", "Le montant", "Le versement", "La demande")
    ),
    *(
        ("fr", f"Au marché, {who} marchande {what}.", "market_traders")
        for who, what in product(["on lui", "elle nous"], ["tout", "un rabais"])
    ),
    ("pt", "A Baixa dos Sapateiros é um bairro.", "garment_workers"),
    ("es", "Lanzamos la Red de mujeres en mayo.", "fishers"),
    ("es", "Echaron a andar las redes sociales del barrio.", "fishers"),
    ("en", "Clean your house before the guests come.", "domestic_workers"),
    ("en", "Add it to the shopping cart on the food page.", "street_vendors"),
]


@pytest.mark.parametrize(("lang", "text", "group"), OTHER_THINGS)
def test_words_of_other_things_name_no_group(tagger, lang, text, group):
    assert group not in found(tagger, text, lang, Facet.GROUP)
