"""Made cases of four kinds of citation: organisations, names of persons, journals, and keys that are the same.

Names and texts are made up, or those of public bodies. The same seed makes the same cases.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

ORGANISATIONS = """
Ministère du Travail
Secretaría del Trabajo y Previsión Social
The Asia Foundation
Human Rights Watch
UN Women
City of Johannesburg
Municipalidad de Lima
Ministry of Labour, Employment and Social Security
Kenya, Ministry of Labour
Ministère de l'Emploi, de la Formation professionnelle et de l'Insertion
Ministério do Trabalho, Emprego e Segurança Social
Secretaría de Desarrollo Económico, Ciudad de México
Department of Women, Youth and Persons with Disabilities
ONU Mujeres
ONU Femmes
UN Habitat
EU Delegation to Kenya
Save the Children
Médecins Sans Frontières
War on Want
Habitat for Humanity
World Vision
Amnesty International
Christian Aid
Slum Dwellers International
Self Employed Women's Association
StreetNet International
HomeNet South Asia
Ville de Dakar
Commune de Cocody
Prefeitura de São Paulo
Ayuntamiento de Madrid
Alcaldía de Bogotá
Defensoría del Pueblo
Câmara Municipal de Maputo
Statistics South Africa
Statistics Canada
Instituto Nacional de Estadística
Caisse nationale de sécurité sociale
Congress of South African Trade Unions
Central Única dos Trabalhadores
Banco de Moçambique
State of Kerala
Haut-Commissariat au Plan
WIEGO
UNU-WIDER
Global Labour Institute
National Union of Street Vendors
Inter-American Development Bank
Cooperativa de Recicladores de Bogotá
""".strip().splitlines()

PERSONS: tuple[tuple[str, str, str], ...] = (
    # As a document gives it, its language, as RIS has it.
    ("Ana Torres", "en", "Torres, Ana"),
    ("Torres, Ana", "es", "Torres, Ana"),
    ("Ana María Torres", "es", "Torres, Ana María"),
    ("Rosa Quispe Mamani", "es", "Quispe Mamani, Rosa"),
    ("José Luis García Hernández", "es", "García Hernández, José Luis"),
    ("Pedro García de la Torre", "es", "García de la Torre, Pedro"),
    ("Hernando de Soto", "en", "de Soto, Hernando"),
    ("Martha Alter Chen", "en", "Chen, Martha Alter"),
    ("Martha A. Chen", "es", "Chen, Martha A."),
    ("J. W. van der Berg", "en", "van der Berg, J. W."),
    ("Luís da Silva", "pt", "da Silva, Luís"),
    ("José da Silva Filho", "pt", "da Silva Filho, José"),
    ("Martin Luther King Jr.", "en", "King, Martin Luther, Jr."),
    ("King, Martin Luther, Jr.", "en", "King, Martin Luther, Jr."),
    ("Bank, André", "fr", "Bank, André"),
    ("Moussa Camara", "fr", "Camara, Moussa"),
    ("In Soo Kim", "en", "Kim, In Soo"),
    ("王 小明", "zh", "王, 小明"),
    ("Aristote", "fr", "Aristote"),
    ("Ousmane ben Salah", "fr", "ben Salah, Ousmane"),
)

JOURNALS: tuple[tuple[str, str, str, str, str], ...] = (
    # As a record gives it, then name, volume, number and pages.
    ("Revista de Trabajo y Ciudad, 12", "Revista de Trabajo y Ciudad", "", "12", ""),
    ("World Development, vol. 34, no. 11, pp. 2121-2131", "World Development", "34", "11", "2121-2131"),
    ("World Development 34(11)", "World Development", "34", "11", ""),
    ("Estudios del Trabajo, año 5, n.º 9", "Estudios del Trabajo", "5", "9", ""),
    ("Revue Tiers Monde, n° 194", "Revue Tiers Monde", "", "194", ""),
    ("Cadernos de Pesquisa, v. 4", "Cadernos de Pesquisa", "4", "", ""),
    ("Environment and Urbanization", "Environment and Urbanization", "", "", ""),
    ("Journal of Street Trade, Volume XII, Issue 3", "Journal of Street Trade", "XII", "3", ""),
    ("Feminist Economics, 20 (4), p. 12", "Feminist Economics", "20", "4", "12"),
    ("Perfiles 2019", "Perfiles 2019", "", "", ""),
    ("Revista Latina, núm. 2019", "Revista Latina", "", "2019", ""),
    ("Boletín 21/22", "Boletín", "", "21/22", ""),
    ("Población y Sociedad, 27, núm. 1 (2020)", "Población y Sociedad", "27", "1", ""),
    ("WIEGO Working Paper No. 45", "WIEGO Working Paper", "", "45", ""),
    ("Policy Research Working Paper 8778", "Policy Research Working Paper", "", "8778", ""),
    ("12", "", "", "12", ""),
    ("Revue Tiers Monde, n°194", "Revue Tiers Monde", "", "194", ""),
    ("World Development, vol.34(11), pp. 2121 – 2131", "World Development", "34", "11", "2121-2131"),
    ("Trabajo, 3, 12", "Trabajo", "3", "12", ""),
    ("Documento de Trabajo 2019-05", "Documento de Trabajo", "", "2019-05", ""),
    ("G20 Papers", "G20 Papers", "", "", ""),
)

_PLACES = (
    "Puno",
    "Lima",
    "Cusco",
    "Dakar",
    "Accra",
    "Durban",
    "Nairobi",
    "Recife",
    "Bogotá",
    "Quito",
    "Maputo",
    "Delhi",
)
_FAMILIES = ("Torres", "Ndiaye", "Okello", "Silva", "Quispe", "Bâ", "Chen", "Mwangi")


def same_author_year_and_word(count: int, *, seed: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield ids, authors, dates and titles of documents that share author, year and first long word."""
    chance = random.Random(seed)
    family, year = chance.choice(_FAMILIES), chance.randint(1995, 2026)
    for number in range(count):
        place = chance.choice(_PLACES)
        yield f"d{chance.getrandbits(64):016x}", f"Ana {family}", str(year), f"The market of {place} {number % 3}"
