"""Words by which sites name their publications, in addresses and in links, in four languages."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

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
