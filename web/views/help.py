"""What the help page teaches: each example is a search that can be followed."""

from __future__ import annotations

from search_api.query.parameters import SearchQuery
from web.addresses import search_address
from web.contexts import HelpPage

_EXAMPLES = (
    ("street vendors", "both words, in any form and order, on any of their pages"),
    ('"social protection floor"', "exactly these words side by side"),
    ("recicladores OR catadores", "one of the words, or both"),
    ("vendors -Lima", "the first word, without the second"),
    ("(vendors OR traders) eviction", "one of the words in brackets, and the third"),
    ("formal*", "words that begin so: formalise, formalización, formality"),
    ("recycler~", "words spelled nearly so"),
    ("country:PER group:street_vendors", "documents tagged with this country and this worker group"),
    ("vendedores ambulantes Perú 2015..2020", "this worker group under any of its names, this country, in these years"),
    ("year:2015..2020 informality", "the word, published in these years"),
)
_FIELDS = (
    ("title", "Words of the title", "title:recycling"),
    ("author", "Names of authors", "author:chen"),
    ("publisher", "Who published it", 'publisher:"World Bank"'),
    ("country", "Countries, by code or name", "country:Peru"),
    ("region", "Regions and groups of countries", "region:419"),
    ("sector", "Working sectors", "sector:retail_street_trade"),
    ("group", "Worker groups", "group:waste_pickers"),
    ("topic", "Topics", "topic:social_protection"),
    ("lang", "Language of the document", "lang:pt"),
    ("year", "Year of publication", "year:2018.."),
    ("type", "Kind of document", "type:working_paper"),
    ("source", "Where it was gathered", "source:own"),
    ("doi", "Digital object identifier", "doi:10.1000/182"),
)


def help_page() -> HelpPage:
    """Return what the help page shows."""
    return HelpPage(
        fields=_FIELDS,
        examples=tuple((typed, meaning, search_address(SearchQuery(text=typed))) for typed, meaning in _EXAMPLES),
    )
