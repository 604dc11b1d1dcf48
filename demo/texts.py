"""The words that the publisher itself puts around its publications, in their four languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from corpus.languages import own_name
from corpus.types import LANGUAGES
from demo.publication import PUBLISHER, Publication


@dataclass(frozen=True, slots=True)
class SiteWording:
    """Furniture of a page in one language."""

    sample: str
    page: str
    abstract: str
    keywords: str
    corrected: str
    months: tuple[str, ...]
    date_form: str
    """With {day}, {month} and {year}."""
    cite: str
    rights: str
    about: str
    download: str
    also_in: str

    def date(self, day: date) -> str:
        """Return a date in words that cannot be mistaken."""
        return self.date_form.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def imprint(self, publication: Publication) -> tuple[str, ...]:
        """Return the lines at the end of a publication: how to cite it, rights, what it is."""
        authors = "; ".join(publication.authors)
        series = f" {publication.series_line}." if publication.series_line else ""
        citation = f"{authors}. {publication.published.year}. {publication.full_title}.{series} {PUBLISHER}."
        return f"{self.cite}: {citation}", self.rights, self.about


_WORDINGS: Mapping[str, SiteWording] = {
    "en": SiteWording(
        sample="sample publication",
        page="page",
        abstract="Abstract",
        keywords="Keywords",
        corrected="Second, corrected edition: the wording of one paragraph was made clearer.",
        months=(
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        date_form="{day} {month} {year}",
        cite="Suggested citation",
        rights="May be copied and adapted freely (Apache License 2.0).",
        about=(
            "Pushcart Samples is an invented publisher. Its publications were written to show how the search engine Pushcart "
            "works; the figures in them are quoted from the public sources named beside them."
        ),
        download="Download PDF",
        also_in="Also in",
    ),
    "es": SiteWording(
        sample="publicación de muestra",
        page="página",
        abstract="Resumen",
        keywords="Palabras clave",
        corrected="Segunda edición, corregida: se aclaró la redacción de un párrafo.",
        months=(
            "enero", "febrero", "marzo", "abril", "mayo", "junio",
            "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
        ),
        date_form="{day} de {month} de {year}",
        cite="Cita sugerida",
        rights="Puede copiarse y adaptarse libremente (Apache License 2.0).",
        about=(
            "Pushcart Samples es una editorial inventada. Sus publicaciones se escribieron para mostrar cómo funciona el "
            "buscador Pushcart; las cifras que contienen se citan de las fuentes públicas indicadas junto a ellas."
        ),
        download="Descargar PDF",
        also_in="También en",
    ),
    "fr": SiteWording(
        sample="publication d’exemple",
        page="page",
        abstract="Résumé",
        keywords="Mots-clés",
        corrected="Deuxième édition, corrigée : la rédaction d’un paragraphe a été clarifiée.",
        months=(
            "janvier", "février", "mars", "avril", "mai", "juin",
            "juillet", "août", "septembre", "octobre", "novembre", "décembre",
        ),
        date_form="{day} {month} {year}",
        cite="Citation suggérée",
        rights="Peut être copié et adapté librement (Apache License 2.0).",
        about=(
            "Pushcart Samples est un éditeur inventé. Ses publications ont été écrites pour montrer comment fonctionne le "
            "moteur de recherche Pushcart ; les chiffres qu’elles contiennent sont tirés des sources publiques citées à côté."
        ),
        download="Télécharger le PDF",
        also_in="Aussi en",
    ),
    "pt": SiteWording(
        sample="publicação de amostra",
        page="página",
        abstract="Resumo",
        keywords="Palavras-chave",
        corrected="Segunda edição, corrigida: a redação de um parágrafo ficou mais clara.",
        months=(
            "janeiro", "fevereiro", "março", "abril", "maio", "junho",
            "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
        ),
        date_form="{day} de {month} de {year}",
        cite="Citação sugerida",
        rights="Pode ser copiado e adaptado livremente (Apache License 2.0).",
        about=(
            "Pushcart Samples é uma editora inventada. As suas publicações foram escritas para mostrar como funciona o "
            "buscador Pushcart; os números que contêm são citados das fontes públicas indicadas ao lado."
        ),
        download="Baixar PDF",
        also_in="Também em",
    ),
}  # fmt: skip

LANGUAGE_NAMES: Mapping[str, str] = {lang: own_name(lang).capitalize() for lang in LANGUAGES}


def wording_of(lang: str) -> SiteWording:
    """Return the publisher's words in one of the four languages."""
    return _WORDINGS[lang]
