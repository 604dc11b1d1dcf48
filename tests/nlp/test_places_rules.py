"""Each of the field study's ambiguity rules as sentences in four languages, with the countries and regions they speak for.

The sentence is a whole document without a title, so that nothing else helps.
"""

from __future__ import annotations

import pytest

from corpus.types import Facet, Page
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger

# rule: language, sentence, countries and regions (in one string, any order).
TABLE = """
Georgia
en | Street vendors in Tbilisi, Georgia, pay a daily fee. | GEO
en | Workers in Armenia, Georgia and Azerbaijan lack contracts. | ARM GEO AZE
en | Domestic workers in Atlanta, Georgia, formed an association. | USA
en | She teaches at the University of Georgia. |
en | The islands of South Georgia have no workers. |
en | Laws were passed in Alabama, Florida and Georgia. | USA
es | Las vendedoras de Tiflis, Georgia, pagan una tasa. | GEO
fr | En Géorgie, les vendeuses de Tbilissi paient une taxe. | GEO
pt | Na Geórgia, as vendedoras de Tbilisi pagam uma taxa. | GEO
Niger and Nigeria
en | Informal employment in Niger is above 90 per cent. | NER
en | Informal employment in Nigeria is above 90 per cent. | NGA
en | Fishers of the Niger River and the Niger Delta lost their income. |
en | Traders in Niger State pay market fees. | NGA
en | Nigerien traders cross the border. | NER
en | Nigerian traders cross the border. | NGA
fr | Les commerçantes nigériennes traversent la frontière. | NER
fr | Les commerçantes nigérianes traversent la frontière. | NGA
fr | Les pêcheurs du fleuve Niger ont perdu leurs revenus. |
fr | Au Niger, les vendeuses travaillent sans contrat. | NER
es | En Níger, las vendedoras trabajan sin contrato. | NER
es | Los pescadores del río Níger perdieron sus ingresos. |
pt | Os comerciantes nigerinos atravessam a fronteira. | NER
pt | Os comerciantes nigerianos atravessam a fronteira. | NGA
Guinea
en | Miners in Guinea earn little. | GIN
en | Cashew farmers in Guinea-Bissau earn little. | GNB
en | Oil workers in Equatorial Guinea earn more. | GNQ
en | Market women in Papua New Guinea sell betel nut. | PNG
en | Piracy in the Gulf of Guinea hurts fishers. |
en | Families raise guinea pigs and guinea fowl. |
en | Forests of New Guinea are cleared. |
es | En Guinea Ecuatorial y en Guinea-Bisáu faltan datos. | GNQ GNB
es | Los mineros de Guinea ganan poco. | GIN
fr | En Guinée équatoriale et en Guinée-Bissau, les données manquent. | GNQ GNB
fr | Les marchandes de Conakry, en Guinée, s'organisent. | GIN
fr | Les femmes de Papouasie-Nouvelle-Guinée vendent au marché. | PNG
pt | Na Guiné, as mulheres vendem castanha de caju. | GNB
pt | Na Guiné Equatorial e na Guiné-Conacri faltam dados. | GNQ GIN
Congo
en | Porters in Kinshasa say that the Congo has no labour inspectors. | COD
en | Traders of Brazzaville cross from the Congo every day. | COG
en | Forests of the Congo Basin shrink along the Congo River. |
en | Congo has many informal workers. |
en | The Democratic Republic of the Congo has many informal workers. | COD
en | The Republic of the Congo has many informal workers. | COG
es | La República Democrática del Congo tiene pocos inspectores. | COD
fr | En RDC, les creuseurs du Katanga travaillent sans protection. | COD
fr | En République du Congo, les commerçantes de Pointe-Noire cotisent. | COG
pt | Na República Democrática do Congo faltam inspetores. | COD
Korea
en | Platform workers in Korea have no contract. | KOR
en | Platform workers in South Korea have no contract. | KOR
en | Traders from North Korea meet in Pyongyang. | PRK
es | Trabajadoras de Corea del Sur y de Corea del Norte. | KOR PRK
fr | En Corée du Nord, les marchés sont surveillés. | PRK
fr | En Corée, les travailleuses des plateformes sont nombreuses. | KOR
pt | Na Coreia do Sul há plataformas. | KOR
Jordan
en | Syrian refugees in Jordan work without permits in Amman. | JOR SYR
en | The law of 2021 protects domestic workers in Jordan. | JOR
en | The award was handed over by Michael Jordan in person. |
en | As Jordan et al. show, wages fell. |
en | Farms along the Jordan River hire by the day. |
es | En Jordania, las refugiadas trabajan sin permiso. | JOR
fr | En Jordanie, les réfugiées travaillent sans permis. | JOR
pt | Na Jordânia, as refugiadas trabalham sem autorização. | JOR
Chad
en | Herders in Chad sell milk in N'Djamena. | TCD
en | Herders around Lake Chad sell milk. |
en | The interview was led by Chad Smith in May. |
fr | Au Tchad, les vendeuses de N’Djamena s’organisent. | TCD
fr | Les pêcheurs du lac Tchad sont déplacés. |
es | Las ganaderas de Chad venden leche. | TCD
pt | As criadoras do Chade vendem leite. | TCD
Mali
en | Gold diggers in Mali work in pits. | MLI
en | The mali waters the garden and the malignant cell grows. |
fr | Au Mali, les femmes de Bamako vendent du poisson. | MLI
es | Las mujeres de Malí venden pescado. | MLI
pt | As mulheres do Mali vendem peixe. | MLI
Turkey
en | Home-based workers in Turkey sew for export. | TUR
en | Home-based workers in Türkiye sew for export. | TUR
en | They raise turkey and chicken on small farms. |
en | Turkey farms supply meat for Thanksgiving. |
es | Las trabajadoras a domicilio de Turquía cosen. | TUR
fr | Les travailleuses à domicile de Turquie cousent. | TUR
pt | As trabalhadoras em domicílio da Turquia costuram. | TUR
Jersey
en | Seamstresses in New Jersey and makers of jersey shirts. | USA
en | Jersey fabric is sewn at home. |
en | Fishers of Jersey in the Channel Islands pay dues. | JEY
es | El punto Jersey se cose en casa. |
fr | Le tissu Jersey se coud à la maison. |
pt | A malha Jersey costura-se em casa. |
Dominica
en | Farmers in Dominica lost their bananas. | DMA
en | Domestic workers in the Dominican Republic have a contract. | DOM
en | Dominican domestic workers have a contract. | DOM
en | Dominican farmers met in Roseau. | DMA
en | A school run by Dominican friars. |
es | Las trabajadoras dominicanas tienen contrato. | DOM
fr | Les travailleuses dominicaines ont un contrat. | DOM
fr | À la Dominique, dans les Caraïbes, les paysans ont tout perdu. | DMA 029
pt | As trabalhadoras dominicanas têm contrato. | DOM
Ireland
en | Care workers in Ireland are migrants. | IRL
en | Care workers in Northern Ireland are migrants. | GBR
es | Las cuidadoras de Irlanda son migrantes. | IRL
es | Las cuidadoras de Irlanda del Norte son migrantes. | GBR
fr | Les aides de l'Irlande du Nord sont migrantes. | GBR
pt | As cuidadoras da Irlanda do Norte são migrantes. | GBR
Samoa
en | Women in Samoa weave mats. | WSM
en | Women in American Samoa can fish. | ASM
es | Las mujeres de Samoa tejen. | WSM
fr | Les femmes des Samoa américaines tissent. | ASM
pt | As mulheres de Samoa tecem. | WSM
Macedonia
en | Waste pickers in North Macedonia are Roma. | MKD
en | Waste pickers in Macedonia live near Skopje. | MKD
en | Farms of Greek Macedonia hire by the day. |
es | Los recicladores de Macedonia del Norte. | MKD
fr | Les récupérateurs de Macédoine du Nord. | MKD
pt | Os catadores da Macedônia do Norte. | MKD
China
en | Hawkers in Hong Kong, Taiwan and Macao differ from those in China. | HKG TWN MAC CHN
en | Fishers in the South China Sea are detained. |
en | Weavers of Indochina sold silk and china plates. |
es | Las tejedoras de China cosen. | CHN
fr | Les tisserandes de Chine et les planteurs d'Indochine. | CHN
pt | As tecelãs da China costuram. | CHN
Micronesia
en | Fishers of the Federated States of Micronesia live on Pohnpei. | FSM
en | Fishers across Micronesia sell abroad. | 057
fr | Les pêcheurs de Micronésie vendent à l'étranger. | 057
es | Los pescadores de Micronesia venden. | 057
pt | Os pescadores da Micronésia vendem. | 057
Virgin Islands
en | Guides in the U.S. Virgin Islands are self-employed. | VIR
en | Guides in the British Virgin Islands are self-employed. | VGB
en | Guides in the Virgin Islands are self-employed. |
es | Los guías de las Islas Vírgenes Británicas. | VGB
fr | Les guides des Îles Vierges britanniques. | VGB
pt | Os guias das Ilhas Virgens Britânicas. | VGB
Saints
en | Fishers of Saint Lucia, Saint Kitts and Nevis and Saint Vincent sell fish. | LCA KNA VCT
en | She lives in Saint Street beside San Francisco church. |
en | Cocoa growers in São Tomé and Príncipe joined. | STP
es | Las vendedoras de la calle San Martín y de la parroquia Santa Ana. |
fr | Les habitants de la rue Sainte-Marie. |
pt | As produtoras de São Tomé e Príncipe. | STP
Names that are foods and states
en | Vendors in Peru and Chile sell fruit. | PER CHL
en | They sell chile peppers, Brazil nuts, Panama hats and India ink. |
en | A workshop in Indiana and another by the Indian Ocean. | USA
en | The Panama Papers named the town of Peru, Indiana. | USA
en | They drink Cuba libre with chile con carne. |
es | Venden chile seco y chile con carne. |
es | Las vendedoras de Chile venden fruta. | CHL
es | Las pescadoras del océano Índico. |
fr | Les ramasseuses de noix du Brésil. |
fr | Les vendeuses du Brésil. | BRA
pt | As vendedoras do Peru comem peru. | PER
Cities that are called like countries
es | Las recicladoras de Armenia, Quindío, en el Eje Cafetero. | COL
es | Las trabajadoras de Armenia, Georgia y Azerbaiyán. | ARM GEO AZE
es | Las vendedoras de Granada, España, y de la Universidad de Granada. | ESP
es | Las pescadoras de Granada y Dominica, en el Caribe. | GRD DMA 029
es | Las vendedoras de Guadalupe, Nuevo León. | MEX
es | La plaza Montenegro y la Villa El Salvador. | PER
en | Vendors of Jamaica, Queens, joined. | USA
en | Vendors of Jamaica sell fruit. | JAM
en | Tourists in Granada buy crafts. |
en | Platform drivers in Singapore, Luxembourg and Djibouti. | SGP LUX DJI
fr | Au Salvador, les vendeuses s'organisent. | SLV
pt | As baianas de Salvador, Bahia, vendem acarajé. | BRA
pt | As vendedoras de Montenegro, RS. | BRA
Mexico
en | Waste pickers in Mexico City sort by hand. | MEX
en | Home care workers in New Mexico are organised. | USA
en | Oil spills in the Gulf of Mexico hurt fishers. |
es | Las pepenadoras del Estado de México. | MEX
es | Las cuidadoras de Nuevo México se organizan. | USA
fr | Les pêcheurs du golfe du Mexique. |
pt | Os catadores do México. | MEX
Territories
en | Vendors in Puerto Rico, Kosovo and Palestine. | PRI XKX PSE
en | Fishers of Greenland and of Western Sahara. | GRL ESH
fr | Les artisans de Guadeloupe et de Guyane française. | GLP GUF
fr | La réunion des vendeuses. La Réunion a eu lieu mardi. |
fr | Les vendeuses de l'île de la Réunion. | REU
es | La reunión de vendedoras. Reunión anual de recicladores. |
es | Las artesanas de Puerto Rico. | PRI
pt | As artesãs do Kosovo e da Palestina. | XKX PSE
Publishers' places
en | See Chen (2012), The informal economy, Washington, D.C.: World Bank. |
en | The report appeared in Geneva: ILO, and in Manchester, UK: WIEGO. |
en | It was printed in New York: UN. |
en | Street vendors in New York organised. | USA
en | They met the World Bank in Washington and the ILO in Geneva. |
es | El informe se publicó en Ginebra: OIT. |
fr | Le rapport a paru à Genève : BIT. |
pt | O relatório foi publicado em Genebra: OIT. |
Cities of the literature
en | Vendors of Nairobi, Dakar, Delhi, Durban and Accra compared their laws. | KEN SEN IND ZAF GHA
fr | Les vendeuses de Kinshasa, Brazzaville et Dakar. | COD COG SEN
es | Las recicladoras de Bogotá y de Buenos Aires. | COL ARG
pt | Os catadores de Belo Horizonte, Maputo e Luanda. | BRA MOZ AGO
en | Vendors of Lima, Peru, and vendors of lima beans. | PER
Mauritius
en | Fishers in Mauritius and Mauritania. | MUS MRT
fr | Les pêcheurs de l'île Maurice et de Mauritanie. | MUS MRT
fr | L'entretien avec Maurice a duré une heure à Saint-Maurice. |
es | El señor Mauricio vende fruta. |
pt | O Maurício vende fruta. |
Trinidad
en | Fishers of Trinidad and Tobago sell fish in Port of Spain. | TTO
es | Las vendedoras de La Trinidad, y de Trinidad, Beni. | BOL
es | Las pescadoras de Trinidad y Tobago. | TTO
fr | Les pêcheuses de Trinité-et-Tobago. | TTO
pt | As pescadoras de Trinidad e Tobago. | TTO
Bissau
en | Women in Bissau sell fish. | GNB
es | Las mujeres de Bisáu venden pescado. | GNB
fr | Les femmes de Bissau vendent du poisson. | GNB
pt | As bideiras de Bissau vendem peixe. | GNB
Capes
en | Traders of Cape Town and traders of Cabo Verde. | ZAF CPV
es | Las vendedoras de Ciudad del Cabo y de Cabo Verde. | ZAF CPV
fr | Les vendeuses du Cap-Vert et celles du cap Bon. | CPV
pt | As rabidantes de Cabo Verde. | CPV
Togo
en | Porters in Togo are women, and food to go is sold. | TGO
fr | Les porteuses du Togo. | TGO
es | Las cargadoras de Togo. | TGO
pt | As carregadoras do Togo. | TGO
Common words
en | Reading is Nice, said the Man; Orange and Mobile Bath Tours Split in Paradise. |
en | Male and female vendors of the Enterprise felt Surprise at Independence and Corona. |
fr | Salé ou sucré, le sucre du marché est à Tours. |
es | La corona y la independencia. |
pt | A laranja e o banho. |
Cities of several countries
es | Las vendedoras de Córdoba, Valencia, Santiago y Cartagena. |
es | En Colombia, las vendedoras de Cartagena pagan. | COL
es | En Chile, las vendedoras de Santiago pagan. | CHL
es | En Venezuela, las vendedoras de Valencia pagan. | VEN
en | In India, vendors of Hyderabad pay fees. | IND
en | In Pakistan, vendors of Hyderabad pay fees. | PAK
fr | Au Costa Rica, les vendeuses de San José paient. | CRI
pt | No Chile, as vendedoras de Santiago pagam. | CHL
America
en | Vendors in Latin America and in Sub-Saharan Africa. | 419 202
en | Women in American Samoa speak American English and pay by American Express. | ASM
es | Las vendedoras de América Latina. | 419
es | Ganó el América de Cali y empezó la Copa América. |
es | En toda América hay vendedoras. | 019
fr | Les vendeuses d'Amérique latine. | 419
pt | As vendedoras da América Latina. | 419
Africa
en | Vendors in South Africa organise across southern Africa. | ZAF 018
en | African swine fever spread on Africa Day. |
es | Las vendedoras de Sudáfrica y de África. | ZAF 002
fr | Les vendeuses d'Afrique du Sud et d'Afrique australe. | ZAF 018
pt | As vendedoras da África do Sul e da África Austral. | ZAF 018
Asia and the Pacific
en | Home-based workers of South Asia. | 034
en | The Asia Foundation studied the Pacific Ocean and the Asian tiger mosquito. |
es | Las trabajadoras de Asia meridional. | 034
fr | Les travailleuses d'Asie du Sud-Est. | 035
pt | As trabalhadoras do Sudeste Asiático. | 035
Caribbean
en | Domestic workers of the Caribbean. | 029
en | A loan of the Caribbean Development Bank. |
es | Las hoteleras del Caribe Mexicano. |
fr | Les travailleuses des Caraïbes. | 029
pt | As trabalhadoras do Caribe. | 029
Middle East
en | Migrant domestic workers in the Middle East. | ilo:arab_states
es | Las migrantes en Oriente Medio. | ilo:arab_states
fr | Les migrantes au Moyen-Orient. | ilo:arab_states
pt | As migrantes no Oriente Médio. | ilo:arab_states
en | Youth unemployment in the MENA region. | wb:MENAAP
Gulf
en | Migrants in the Gulf states are bound to a sponsor. | 145
en | Fishers of the Gulf Coast and the Gulf of Mexico. |
es | Migrantes en los países del Golfo. | 145
fr | Les migrantes dans les pays du Golfe. | 145
pt | Migrantes nos países do Golfo. | 145
Groups of countries
en | Traders of ECOWAS, the Sahel and East Africa. | 011 202 014
en | OECD averages are higher. |
en | Migrants within ASEAN and SADC. | 035 202
es | Las trabajadoras del Mercosur y de Centroamérica. | 005 013
fr | Les commerçantes de l'UEMOA et du Maghreb. | 011 015
pt | As trabalhadoras do Mercosul. | 005
Adjectives that are no places
en | French fries, Turkish delight, Danish pastry and Greek yoghurt are sold. |
en | The survey was translated into French, Spanish, Portuguese and Arabic. |
en | It costs 20 US dollars, 500 Indian rupees or 30 South African rand. |
en | Turkish workers and Chinese migrants sew. | TUR CHN
es | Cuesta 20 pesos mexicanos o 3 dólares estadounidenses. |
es | La encuesta se tradujo al francés y al portugués. |
fr | Le questionnaire est en français et en anglais. |
fr | Cela coûte 5 francs suisses. |
pt | O questionário está em francês e em inglês. |
pt | Custa 5 dólares americanos. |
"""


def _cases() -> list[pytest.param]:
    cases, rule = [], ""
    for line in TABLE.strip().splitlines():
        if line.count("|") < 2:
            rule = line
            continue
        lang, sentence, expected = (part.strip() for part in line.split("|"))
        cases.append(pytest.param(lang, sentence, frozenset(expected.split()), id=f"{rule}: {lang}: {sentence}"))
    return cases


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


@pytest.mark.parametrize(("lang", "sentence", "expected"), _cases())
def test_a_sentence_speaks_for_its_countries_and_regions_only(
    tagger: Tagger, lang: str, sentence: str, expected: frozenset[str]
):
    tags = tagger.tag(TaggedText(pages=(Page(1, sentence),), lang=lang))
    assert {tag.concept for tag in tags if tag.facet in (Facet.COUNTRY, Facet.REGION)} == expected


def test_every_rule_of_the_study_is_tried_in_four_languages():
    rules = [line for line in TABLE.strip().splitlines() if "|" not in line]
    languages = {line.split("|")[0].strip() for line in TABLE.strip().splitlines() if line.count("|") >= 2}
    assert len(rules) == len(set(rules)) >= 38
    assert languages == {"en", "es", "fr", "pt"}
