"""What the help page teaches: each example is a search that can be followed."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.messages import Message, gettext, message
from search_api.query.parameters import SearchQuery
from web.addresses import search_address
from web.contexts import HelpPage

_EXAMPLES: Sequence[tuple[str, Message]] = (
    ("street vendors", message("both words, in any form and order, on any of their pages")),
    ('"social protection floor"', message("exactly these words side by side")),
    ("recicladores OR catadores", message("one of the words, or both")),
    ("vendors -Lima", message("the first word, without the second")),
    ("(vendors OR traders) eviction", message("one of the words in brackets, and the third")),
    ("formal*", message("words with this beginning: formalise, formalización, formality")),
    ("recycler~", message("words with a similar spelling")),
    ("country:PER group:street_vendors", message("documents tagged with this country and this worker group")),
    (
        "vendedores ambulantes Perú 2015..2020",
        message("this worker group under any of its names, this country, in these years"),
    ),
    ("year:2015..2020 informality", message("the word, published in these years")),
)
_FIELDS: Sequence[tuple[str, Message, str]] = (
    ("title", message("Words of the title"), "title:recycling"),
    ("author", message("Names of authors"), "author:chen"),
    ("publisher", message("Who published it"), 'publisher:"World Bank"'),
    ("country", message("Countries, by code or name"), "country:Peru"),
    ("region", message("Regions and groups of countries"), "region:419"),
    ("sector", message("Working sectors"), "sector:retail_street_trade"),
    ("group", message("Worker groups"), "group:waste_pickers"),
    ("topic", message("Topics"), "topic:social_protection"),
    ("lang", message("Language of the document"), "lang:pt"),
    ("year", message("Year of publication"), "year:2018.."),
    ("type", message("Kind of document"), "type:working_paper"),
    ("source", message("Where it was harvested"), "source:own"),
    ("doi", message("Digital object identifier"), "doi:10.1000/182"),
)


def help_page(*, lang: str) -> HelpPage:
    """Return what the help page shows."""
    return HelpPage(
        fields=tuple((name, gettext(meaning, lang=lang), example) for name, meaning, example in _FIELDS),
        examples=tuple(
            (typed, gettext(meaning, lang=lang), search_address(SearchQuery(text=typed)))
            for typed, meaning in _EXAMPLES
        ),
    )
