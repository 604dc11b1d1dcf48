"""Which addresses and words name publications, and the regular expressions that let such addresses, and little else, pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.sources.fields import matches

_STEMS = (
    r"publica(tions?|ciones|c?[oõ]es|ç[oõ]es)?|publikation(en)?|resources?|recursos?|ressources?|documents?|documentos?|"
    r"librar(y|ies)|biblioteca|biblioth[eè]que|repositor(y|ies)|repositorio|reposit[oó]rio|d[eé]p[oô]t|research|"
    r"investigaci[oó]n|investigaciones|pesquisas?|recherches?|reports?|informes?|rapports?|relat[oó]rios?|papers?|"
    r"working[-_ ]?papers?|briefs?|policy[-_ ]?briefs?|stud(y|ies)|estudios?|estudos?|[eé]tudes?|"
    r"knowledge([-_ ]?(hub|base|centre|center))?|statistic(s|al[-_ ]releases)?|articles?|handle|items?|records?|downloads?"
)
_WORD = re.compile(rf"(^|[^\w])({_STEMS})([^\w]|$)", re.IGNORECASE)
_SURE = re.compile(
    r"publica(tion|ciones|ç|c[oõ])|publikation|working[-_ ]?paper|policy[-_ ]?brief|reports?\b|informe|rapport|relat[oó]rio|"
    r"librar|bibliot|repositor|reposit[oó]r",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(^|[/\W])(tags?|categor(y|ies|ia)|authors?|users?|events?|eventos?|news|noticias|actualit|vacanc|jobs?|careers?|"
    r"contact|about|privacy|terms|login|search|donate|cart|shop|feed|comments?|annual[-_ ]report)([/\W]|$)",
    re.IGNORECASE,
)


def publication_score(words: str) -> int:
    """Say how surely words (of a link, or of an address) name publications: 0 not at all, 1 perhaps, 2 surely."""
    if not _WORD.search(words.replace("_", "-")):
        return 0
    return 2 if _SURE.search(words) else 1


def is_publication_address(url: str) -> bool:
    """Say whether an address looks like that of one publication: below a folder of publications, or a PDF."""
    path = unquote(urlsplit(url).path)
    if path.casefold().endswith(".pdf"):
        return True
    folder, _, name = path.rstrip("/").rpartition("/")
    return bool(name) and publication_score(folder) > 0 and not _OTHER.search(path)


REGEXES_MAX = 4
_SHARE_MIN = 0.05
"""A kind of address that fewer of the addresses have is an exception, and not let in."""
_SHAPELESS_SHARE_MAX = 0.2
"""When more of the addresses have nothing in common, expressions would leave out too much."""
_ANY = "[^/?#]+"


def allow_regexes(urls: Sequence[str]) -> tuple[str, ...]:
    """Return expressions for `allow` that let in the addresses of a list of publications, the commonest kind first.

    Empty: the addresses have nothing in common that others have not.
    """
    groups: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        groups.setdefault(_kind_of(url), []).append(url)
    regexes = []
    for group in sorted(groups.values(), key=len, reverse=True)[:REGEXES_MAX]:
        regex = _regex(group)
        if regex and len(group) >= _SHARE_MIN * len(urls):
            regexes.append(regex)
        elif not regex and len(group) > _SHAPELESS_SHARE_MAX * len(urls):
            return ()
    return tuple(dict.fromkeys(regexes))


def admits(regexes: Iterable[str], url: str) -> bool:
    """Say whether one of the expressions lets an address in."""
    return any(matches(regex, url) for regex in regexes)


def _kind_of(url: str) -> str:
    """Return what addresses of one kind share: the first folder, or how a query names the publication."""
    parts, steps = urlsplit(url), _steps(url)
    if parts.path.casefold().endswith(".pdf"):
        return "pdf"
    if len(steps) > 1:
        return "/" + (r"\d" if steps[0].isdigit() else steps[0])
    return f"{parts.path}?{'&'.join(sorted(name for name, _ in parse_qsl(parts.query)))}" if parts.query else ""


def _regex(urls: Sequence[str]) -> str:
    """Return an expression for addresses of one kind; empty when they have nothing in common."""
    if all(urlsplit(url).path.casefold().endswith(".pdf") for url in urls):
        return r"\.pdf($|\?)"
    if key := _telling_key(urls):
        return rf"{_escaped(urlsplit(urls[0]).path)}\?(.*&)?{re.escape(key)}="
    paths = [_steps(url) for url in urls]
    if len({len(path) for path in paths}) == 1 and paths[0]:
        *folders, names = zip(*paths, strict=True)
        # One address shows no more than its folder.
        steps = [_step(values, is_folder=True) for values in folders] + [_step(names, is_folder=False)]
        return "" if set(steps) == {_ANY} else f"/{'/'.join(steps)}/?$"
    columns = zip(*(path[:-1] for path in paths), strict=False)
    shared = [_escaped(values[0]) for values in takewhile(lambda values: len(set(values)) == 1, columns)]
    return f"/{'/'.join(shared)}/." if shared else ""


def _step(values: Sequence[str], *, is_folder: bool) -> str:
    """Return the expression of one step of paths."""
    if len(set(values)) == 1 and (is_folder or len(values) > 1) and not values[0].isdigit():
        return _escaped(values[0])
    return r"\d+" if all(value.isdigit() for value in values) else _ANY


def _telling_key(urls: Sequence[str]) -> str:
    """Return the key of the query that all addresses of one path have, each with another value; empty: there is none."""
    queries = [dict(parse_qsl(urlsplit(url).query)) for url in urls]
    if len({urlsplit(url).path for url in urls}) > 1:
        return ""
    return next((key for key in queries[0] if len({query.get(key) for query in queries} - {None}) == len(urls)), "")


def _steps(url: str) -> list[str]:
    return [each for each in urlsplit(url).path.split("/") if each]


def _escaped(text: str) -> str:
    """Return text as a regular expression, only what means something in one being escaped."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
