"""Licences: their usual short forms, and what each allows with the text, as far as words and addresses say it surely."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

_CHARACTERS_MAX = 300
_CREATIVE_COMMONS = re.compile(
    r"(?<![\w./-])(?:https?://)?(?:www\.)?creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<name>[a-z-]{2,20})"
    r"(?:/(?P<version>\d\.\d))?(?P<place>/igo)?",
    re.IGNORECASE,
)
"""Not in the path of another site's address, nor at the end of another site's name."""
_SHORT_NAME = re.compile(
    r"\bcc[\s_-]+(?P<name>by(?:[\s_-]+(?:nc|nd|sa))*)\b(?:[\s_-]+(?P<version>\d\.\d))?(?P<place>[\s_-]+igo\b)?",
    re.IGNORECASE,
)
_CC_ZERO = re.compile(r"\bcc[ -]?(?:0|zero)\b", re.IGNORECASE)
_FULL_NAMES = (
    ("by", r"attribution|atribucion|paternite|atribuicao|reconocimiento"),
    ("nc", r"non-? ?commercial|no-? ?comercial|nao-? ?comercial|pas d.utilisation commerciale"),
    ("nd", r"no-? ?deriv|sin-? ?(?:obra)?-?deriv|sem-? ?deriv|pas de modification|nao a obras derivadas"),
    ("sa", r"share-? ?alike|compartir-? ?igual|partage|compartilha-?igual"),
)
"""Parts of the full names, in the order of the short ones. Small letters without accents."""
_ACCESS = re.compile(
    r"info:eu-repo/semantics/\w*access|(?:open|closed|embargoed|restricted|metadata only|free) ?access|acceso abierto"
    r"|acc[eè]s (?:libre|ouvert)|acesso aberto|https?://purl\.org/coar/access_right/\w+",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"\ball (?:the )?rights? (?:are )?(?:strictly )?reserved|\b(?:todos los )?derechos (?:estan )?reservados"
    r"|\b(?:tous )?droits (?:sont )?reserves"
    r"|\b(?:todos os )?direitos (?:estao )?reservados|rightsstatements\.org/(?:vocab|page)/inc"
    r"|\b(?:in|under|protected by) copyright\b"
    r"|\b(?:closed|restricted|embargoed|metadata[ -]?only) ?access\b|access_right/c_(?:14cb|16ec|f1cf)\b"
    r"|\bclosed licen[cs]e|\bacceso (?:cerrado|restringido)|\bacces (?:ferme|restreint)|\bacesso (?:fechado|restrito)"
    r"|\bconfidential\b"
    r"|\bno part of this (?:publication|report|book|document|work)\b"
    r"|\bprohibid[ao] (?:la |su |a |sua )?(?:re)?produc|\breproduction (?:est )?interdite|\breproducao proibida"
    r"|\bnot for (?:quotation|citation|circulation|distribution|redistribution|publication|reproduction)\b"
)
"""Says that nothing is given away. Small letters without accents. `Some rights reserved` is what Creative Commons says."""
_NARROWED = re.compile(
    r"\b(?:meta-?dat|metadonnees|metadad|abstracts? only|photo|foto|image|imagen|imagem|cover|cubierta|portada|capa\b|couverture"
    r"|logo|data ?sets?\b|software|codes?\b)"
    r"|\b(?:not|never|neither|nor|no longer|unlike"
    r"|nao (?:e|esta|estao|sob)|no (?:es|esta|estan|bajo)|n.(?:est|etait) pas|ne sont pas)\b"
    r"|\b(?:often|mostly|usually|sometimes|generally|partly|partially|by default"
    r"|for most|for some|various|varies|vary|mixed|see each|as several)\b"
    r"|\b(?:some|parts?|portions?|sections?|chapters?|most) of\b|\b(?:by|with|upon|without) (?:prior )?(?:written )?permission\b"
    r"|\bpermission (?:is )?required|\bcon permiso|\bcom permissao|\b(?:con|sin) autorizacion|\b(?:avec|sans) (?:l.)?autorisation"
)
"""Says that the open licence beside it is of something else or of a part, or is not given. Small letters without accents."""
_CROWN = re.compile(r"\bcrown copyright\b")
_GOVERNMENT = re.compile(r"open government licen[cs]e|\b(?:uk-)?ogl\b|/open-government-licence/")
"""Under which the Crown gives its works away."""
_OTHER_OPEN = re.compile(
    r"licence ouverte|open licence etalab|\betalab\b|gnu free documentation licen[cs]e|\bgfdl\b|\bgnu fdl\b"
    r"|open data commons (?:attribution|public domain)|\bodc-by\b|\bpddl\b|\bapache(?: licen[cs]e)?,?[ -](?:version )?2(?:\.0)?"
)
"""Open licences beside those of Creative Commons. Small letters without accents."""
_PUBLIC_DOMAIN = re.compile(
    r"\bpublic ?domain\b|\bdomaine public\b|\bdominio publico\b"
    r"|\b(?:work|publication|document)s? of the (?:u\. ?s\. ?|us |united states )(?:federal )?government\b"
    r"|\b(?:u\. ?s\. ?|us |united states )(?:federal )?government works?\b|\busa\.gov/(?:publicdomain|government-works)"
    r"|\b17 u\. ?s\. ?c\. ?(?:§ ?|section )?105\b"
)
_HARMLESS = re.compile(
    r"\b(?:licen[cs]e[ds]?|licen[cs]ing|licencias?|licencas?|creative|commons|attribution|atribucion|atribuicao|reconocimiento|paternite"
    r"|non-?commercial|no-?comercial|nao-?comercial"
    r"|no-?derivatives|no-?derivs|share-?alike|compartir-?igual|partage"
    r"|international|internacional|unported|generic|igo|version|v"
    r"|the|this|these|work|works|publications?|is|are|under|a|an|of|of the"
    r"|world bank|open knowledge|repository|uk|https?|www|org|deed"
    r"|en|es|fr|pt|legalcode|intergovernmental organi[sz]ations?)\b|[\d.,:;/()\[\]© -]"
)
"""What may stand around the name of a licence without changing what it says. Small letters without accents."""


class LicenceKind(StrEnum):
    """What a licence allows with the text of a document."""

    OPEN = "open"
    """To show and hand on the whole, by anyone for any purpose, with attribution at most."""
    RESTRICTED = "restricted"
    """To show and hand on the whole as it is, without profit (NC), or without changes (ND)."""
    CLOSED = "closed"
    """All rights are reserved, in this many words."""
    UNKNOWN = "unknown"
    """Nothing is said, or nothing that is understood surely."""


def licence_of(text: str) -> str:
    """Return a licence in its usual short form (`CC BY 4.0`), or as it was given; empty when it only says that all may read."""
    plain = " ".join(text.split())[:_CHARACTERS_MAX]
    if _ACCESS.fullmatch(plain) and not says_reserved(plain):
        return ""
    return open_licence_of(plain) or plain


def open_licence_of(text: str) -> str:
    """Return a Creative Commons licence in its usual short form (`CC BY-NC 3.0 IGO`); empty when there is none.

    It is read from its address, from its short name (`cc-by-4.0`) and from its full name in English, Spanish, French and
    Portuguese; of several, the one that allows least. A text that reserves all rights beside it, or that names it for a
    part only (the metadata, a photograph), has none.
    """
    plain = bare(text)
    if says_reserved(plain) or _NARROWED.search(plain):
        return ""
    named = [_of_address(found) for found in _CREATIVE_COMMONS.finditer(text)]
    if _CC_ZERO.search(text):
        named.append("CC0 1.0")
    for found in _SHORT_NAME.finditer(text):
        name = re.sub(r"[\s_-]+", "-", found["name"].strip()).lower()
        named.append(_short_form(name, found["version"] or "", is_igo=bool(found["place"])))
    # The first of those with the most conditions: `CC BY-NC-ND` has more than `CC BY`, and `CC0` none.
    return max(named, key=_conditions) if named else _of_full_name(plain)


def says_reserved(text: str) -> bool:
    """Say whether a text reserves all rights, in English, Spanish, French or Portuguese."""
    plain = bare(text)
    return bool(_RESERVED.search(plain) or (_CROWN.search(plain) and not _GOVERNMENT.search(plain)))


@lru_cache(maxsize=2048)
def licence_kind(licence: str) -> LicenceKind:
    """Return what the licence of a document allows. Hostile texts are UNKNOWN at worst; raises nothing."""
    plain = bare(licence[:_CHARACTERS_MAX])
    if says_reserved(plain):
        return LicenceKind.CLOSED
    if name := open_licence_of(plain):
        parts = set(name.split()[1].split("-")) if name.startswith("CC ") else {"BY"}
        if "BY" not in parts or parts - {"BY", "SA", "NC", "ND"}:  # old ones, of which nobody is sure any more
            return LicenceKind.UNKNOWN
        return LicenceKind.RESTRICTED if parts & {"NC", "ND"} else LicenceKind.OPEN
    if _NARROWED.search(plain):
        return LicenceKind.UNKNOWN
    is_open = any(each.search(plain) for each in (_PUBLIC_DOMAIN, _GOVERNMENT, _OTHER_OPEN))
    return LicenceKind.OPEN if is_open else LicenceKind.UNKNOWN


@lru_cache(maxsize=512)
def licence_kind_of_source(licence: str) -> LicenceKind:
    """Return what the licence of a whole source allows with each of its documents.

    Only a text that names a licence and says nothing else counts: `Mostly CC BY`, `CC BY; see each record` and `Open access`
    say nothing of any one document.
    """
    kind = licence_kind(licence)
    if kind not in (LicenceKind.OPEN, LicenceKind.RESTRICTED):
        return kind
    rest = bare(licence)
    for expression in (_CREATIVE_COMMONS, _SHORT_NAME, _CC_ZERO, _PUBLIC_DOMAIN, _GOVERNMENT, _OTHER_OPEN):
        rest = expression.sub(" ", rest)
    return kind if not _HARMLESS.sub("", rest).strip() else LicenceKind.UNKNOWN


def licence_address(licence: str) -> str:
    """Return where a Creative Commons licence in its short form is explained; empty for others."""
    if licence.startswith("CC0"):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = re.fullmatch(r"CC (BY(?:-(?:NC|ND|SA)){0,2})(?: (\d\.\d))?( IGO)?", licence)
    if found is None:
        return ""
    version = found[2] or ("3.0" if found[3] else "4.0")
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{version}/{'igo/' if found[3] else ''}"


def bare(text: str) -> str:
    """Return a text in small letters without accents and unseen signs, white space folded."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    seen = "".join(
        letter for letter in letters if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(seen.replace("\u2019", "'").split())


def _of_address(found: re.Match[str]) -> str:
    name, version = found["name"].lower(), found["version"] or ""
    if found["kind"].lower() == "publicdomain":
        return f"CC0 {version}".strip() if name == "zero" else "Public domain"
    return _short_form(name, version, is_igo=bool(found["place"]))


def _of_full_name(plain: str) -> str:
    begins = re.search(r"creative ?commons", plain)
    parts = [short for short, words in _FULL_NAMES if re.search(words, plain)]
    if not begins or "by" not in parts:
        return ""
    version = re.search(r"\b([1-4]\.[05])\b", plain)
    return _short_form("-".join(parts), version[1] if version else "", is_igo=bool(re.search(r"\bigo\b", plain)))


def _conditions(name: str) -> int:
    return 0 if name.startswith(("CC0", "Public")) else len(name.split()[1].split("-"))


def _short_form(name: str, version: str, *, is_igo: bool) -> str:
    return " ".join(filter(None, ("CC", name.upper(), version, "IGO" if is_igo else "")))
