"""What licences allow: in four languages, as addresses and as names, hedged, contradictory and hostile."""

from __future__ import annotations

import pytest

from corpus.metadata.licences import (
    LicenceKind,
    licence_address,
    licence_kind,
    licence_kind_of_source,
    licence_of,
    open_licence_of,
)

OPEN = (
    "CC BY 4.0",
    "CC BY-SA 3.0 IGO",
    "cc-by",
    "CC0 1.0",
    "https://creativecommons.org/licenses/by/4.0/deed.es",
    "http://www.creativecommons.org/licenses/by/3.0/igo/",
    "https://creativecommons.org/publicdomain/mark/1.0/",
    "World Bank Open Knowledge CC BY 3.0 IGO",
    "This work is licensed under a Creative Commons Attribution 4.0 International License.",
    "Except where otherwise noted, this work is licensed under CC BY 4.0",
    "Licencia Creative Commons Atribución 4.0 Internacional",
    "Licence Creative Commons Attribution 4.0",
    "Creative Commons Atribuição-CompartilhaIgual 4.0",
    "Open Government Licence v3.0",
    "© Crown copyright 2019. Licensed under the Open Government Licence v3.0",
    "Licence Ouverte / Open Licence Etalab 2.0",
    "Public domain",
    "Domaine public",
    "Dominio público",
    "Domínio público",
    "Public domain (work of the U.S. government)",
    "A work of the United States Government",
    "GNU Free Documentation License 1.3",
)
RESTRICTED = (
    "CC BY-NC 4.0",
    "CC BY-ND",
    "CC BY-NC-SA 3.0 IGO",
    "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "Creative Commons Reconocimiento-NoComercial-SinObraDerivada 4.0",
    "Creative Commons Attribution - Pas d’Utilisation Commerciale 3.0",
    "Creative Commons Atribuição-NãoComercial 4.0",
    "CC BY 4.0 (https://creativecommons.org/licenses/by-nc/4.0/)",
    "Text CC BY-NC-ND 4.0, tables CC BY 4.0",
)
CLOSED = (
    "All rights reserved",
    "ALL RIGHTS RESERVED.",
    "© 2019 Somebody. All rights are reserved.",
    "Todos los derechos reservados",
    "Derechos reservados conforme a la ley",
    "Tous droits réservés",
    "Todos os direitos reservados",
    "http://rightsstatements.org/vocab/InC/1.0/",
    "© Crown copyright 2019",
    "Prohibida su reproducción total o parcial",
    "Reproduction interdite",
    "No part of this publication may be reproduced",
    "All rights reserved. Cover photograph: CC BY 2.0",
    "© Crown copyright. All rights reserved. Parts under the Open Government Licence",
    "info:eu-repo/semantics/closedAccess",
    "info:eu-repo/semantics/embargoedAccess",
    "http://purl.org/coar/access_right/c_16ec",
    "Restricted access",
    "Accès restreint",
    "Acceso restringido",
    "Confidential; not for circulation",
)
UNKNOWN = (
    "",
    "Open access",
    "info:eu-repo/semantics/openAccess",
    "Open",
    "Attribution",
    "© 2019 WIEGO",
    "Free to read",
    "See the publisher's page",
    "Government work",
    "Metadata: CC0",
    "CC0 (metadata only)",
    "Mostly CC BY 3.0 IGO",
    "Often CC BY-NC-SA 3.0 IGO; see each document",
    "This work is not licensed under CC BY 4.0",
    "This is not in the public domain",
    "No es de dominio público",
    "Não é de domínio público",
    "Photographs CC BY 4.0",
    "CC BY 4.0, with permission of the publisher",
    "https://notcreativecommons.org/licenses/by/4.0/",
    "https://evil.example/creativecommons.org/licenses/by/4.0/",
    "https://creativecommons.org.evil.example/licenses/by/4.0/",
    "https://creativecommons.org/licenses/sampling/1.0/",
    "https://creativecommons.org/licenses/nc/1.0/",
    "\u0421\u0421 BY 4.0",  # two letters of the Cyrillic alphabet
    "CC",
    "by",
    "<script>alert('CC')</script>",
    "A" * 100_000,
    "cc " * 50_000,
    "\x00\ud800\u202e",
)


@pytest.mark.parametrize("text", OPEN)
def test_open_licences_are_known_in_four_languages_by_name_and_by_address(text: str) -> None:
    assert licence_kind(text) is LicenceKind.OPEN


@pytest.mark.parametrize("text", RESTRICTED)
def test_licences_that_forbid_profit_or_changes_are_told_from_open_ones(text: str) -> None:
    assert licence_kind(text) is LicenceKind.RESTRICTED


@pytest.mark.parametrize("text", CLOSED)
def test_reserved_rights_are_never_taken_for_an_open_licence(text: str) -> None:
    assert licence_kind(text) is LicenceKind.CLOSED
    assert open_licence_of(text) == ""


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: repr(text)[:40])
def test_what_is_not_surely_a_licence_counts_as_unknown(text: str) -> None:
    assert licence_kind(text) is LicenceKind.UNKNOWN


@pytest.mark.parametrize("text", ["CC\u200b BY\u200b 4.0", "\uff23\uff23 \uff22\uff39 4.0", "CC  BY\n4.0"])
def test_unseen_signs_wide_letters_and_white_space_change_no_licence(text: str) -> None:
    assert licence_kind(text) is LicenceKind.OPEN


@pytest.mark.parametrize("text", [*OPEN, *RESTRICTED, *CLOSED])
def test_the_stored_form_of_a_licence_allows_what_the_given_one_does(text: str) -> None:
    assert licence_kind(licence_of(text)) is licence_kind(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CC BY-NC-SA 3.0 IGO", LicenceKind.RESTRICTED),
        ("CC BY 4.0", LicenceKind.OPEN),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", LicenceKind.OPEN),
        ("https://creativecommons.org/licenses/by/4.0/", LicenceKind.OPEN),
        ("Open Government Licence 3.0", LicenceKind.OPEN),
        ("Public domain (work of the U.S. government)", LicenceKind.OPEN),
        ("All rights reserved; see each record", LicenceKind.CLOSED),
        ("CC BY for most", LicenceKind.UNKNOWN),
        ("Open access, by default CC BY", LicenceKind.UNKNOWN),
        ("CC BY 4.0 as several users state", LicenceKind.UNKNOWN),
        ("Newer publications CC BY 4.0; see each document", LicenceKind.UNKNOWN),
        ("CC BY 4.0 unless otherwise stated", LicenceKind.UNKNOWN),
        ("CC BY 4.0 salvo indicación contraria", LicenceKind.UNKNOWN),
        ("Metadata CC0; texts mostly open, see each", LicenceKind.UNKNOWN),
    ],
)
def test_a_source_s_licence_counts_only_when_it_says_nothing_else(text: str, kind: LicenceKind) -> None:
    assert licence_kind_of_source(text) is kind


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0 IGO", "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"),
        ("CC BY", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("All rights reserved", ""),
        ("CC BY 4.0 javascript:alert(1)", ""),
    ],
)
def test_only_licences_of_creative_commons_lead_to_their_text(licence: str, address: str) -> None:
    assert licence_address(licence) == address
