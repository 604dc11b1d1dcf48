"""The feminine and plural forms of the adjectives of countries in four languages, from the masculine singular."""

from __future__ import annotations

from collections.abc import Mapping

_Endings = tuple[tuple[str, tuple[str, ...]], ...]

# Ending of the masculine singular, and what is in its place in all four forms; the first that fits is taken.
_SPANISH: _Endings = (
    ("és", ("és", "esa", "eses", "esas")),
    ("án", ("án", "ana", "anes", "anas")),
    ("ón", ("ón", "ona", "ones", "onas")),
    ("o", ("o", "a", "os", "as")),
    ("í", ("í", "íes", "ís")),
    ("ú", ("ú", "úes", "ús")),
    ("ol", ("ol", "ola", "oles", "olas")),
    ("l", ("l", "la", "les", "las")),
    ("r", ("r", "res")),
)
_FRENCH: _Endings = (
    ("ais", ("ais", "aise", "aises")),
    ("ois", ("ois", "oise", "oises")),
    ("ien", ("ien", "ienne", "iens", "iennes")),
    ("éen", ("éen", "éenne", "éens", "éennes")),
    ("on", ("on", "onne", "ons", "onnes", "one", "ones")),
    ("ec", ("ec", "ecque", "ecs", "ecques")),
    ("urc", ("urc", "urque", "urcs", "urques")),
    ("e", ("e", "es")),
    ("è", ("è", "ès")),
    ("é", ("é", "és")),
    ("i", ("i", "is", "ie", "ies")),
)
_PORTUGUESE: _Endings = (
    ("ês", ("ês", "esa", "eses", "esas")),
    ("ão", ("ão", "ã", "ãos", "ães", "ãs", "ões")),
    ("eu", ("eu", "eia", "eus", "eias")),
    ("ol", ("ol", "ola", "óis", "olas")),
    ("o", ("o", "a", "os", "as")),
    ("z", ("z", "zes")),
    ("l", ("l", "is")),
    ("r", ("r", "res")),
)
_ENDINGS: Mapping[str, _Endings] = {"es": _SPANISH, "fr": _FRENCH, "pt": _PORTUGUESE}
_REGULAR: Mapping[str, tuple[str, ...]] = {"es": ("", "s"), "fr": ("", "e", "s", "es"), "pt": ("", "s")}
_NO_ENGLISH_PLURAL = ("ese", "sh", "ch", "ss", "ois", "Lao", "Basotho", "Batswana", "Malagasy", "Dutch")


def demonym_forms(masculine: str, lang: str) -> tuple[str, ...]:
    """Return every form of an adjective or noun of nationality: `nigérian`, `nigériane`, `nigérians`, `nigérianes`.

    English words are capitalised and only take a plural; in the other languages each form is given small (adjective) and
    capitalised (the people in French, any word at the head of a sentence). Forms that do not exist are harmless and may be
    among them; never show them.
    """
    if lang == "en":
        return (masculine,) if masculine.endswith(_NO_ENGLISH_PLURAL) else (masculine, f"{masculine}s")
    forms = next(
        (
            tuple(masculine.removesuffix(ending) + changed for changed in endings)
            for ending, endings in _ENDINGS[lang]
            if masculine.endswith(ending)
        ),
        tuple(masculine + ending for ending in _REGULAR[lang]),
    )
    return tuple(dict.fromkeys(written for form in forms for written in (form, form[0].upper() + form[1:])))
