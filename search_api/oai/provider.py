"""Answers to the six verbs of OAI-PMH 2.0, from the records; the search index is not asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from lxml import etree

from corpus.rights import RightsPolicy
from corpus.settings import Settings
from corpus.store import Store
from corpus.store.listing import ListedDocument, ListSelection
from corpus.vocabulary import Vocabulary
from search_api.oai import markup
from search_api.oai.arguments import PREFIX, HarvesterRequest, end_of, read_request, start_of
from search_api.oai.dublin_core import dublin_core
from search_api.oai.errors import OaiErrorCode, OaiRefusal
from search_api.oai.sets import all_sets, is_set, selection_of, sets_of
from search_api.oai.tokens import OaiToken, OaiTokens

PAGE_RECORDS = 1_000
"""Records of one answer at most."""
_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9\-]*(?:\.[a-zA-Z][a-zA-Z0-9\-]*)+")


@dataclass(frozen=True, slots=True)
class OaiProvider:
    """The repository. Threads may share it."""

    settings: Settings
    store: Store
    vocabulary: Vocabulary
    rights: RightsPolicy
    tokens: OaiTokens
    page_records: int = PAGE_RECORDS

    def answer(self, given: Sequence[tuple[str, str]], *, now: datetime) -> bytes:
        """Return the XML that answers a request, errors of the protocol too.

        Args:
            given: names and values of its arguments, the verb among them.
            now: the moment of the answer.

        Raises StoreUnavailable: the records cannot be read.
        """
        asked = dict(given)
        try:
            request = read_request(given)
            root = markup.envelope(self._base_url, now=now, asked=asked)
            self._verbs()[request.verb](root, request, now)
        except OaiRefusal as error:
            # The protocol wants no arguments repeated where they cannot be right.
            is_bad = error.code in (OaiErrorCode.BAD_VERB, OaiErrorCode.BAD_ARGUMENT)
            root = markup.envelope(self._base_url, now=now, asked={} if is_bad else asked)
            markup.add(root, "error", error.text, code=error.code.value)
        return markup.written(root)

    def _verbs(self) -> Mapping[str, Callable[[etree._Element, HarvesterRequest, datetime], None]]:
        return {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
            "ListIdentifiers": self._list_records,
            "ListRecords": self._list_records,
            "GetRecord": self._get_record,
        }

    @property
    def _base_url(self) -> str:
        return f"{self.settings.public_url}/oai"

    @property
    def _host(self) -> str:
        return urlsplit(self.settings.public_url).hostname or "localhost"

    def _identify(self, root: etree._Element, request: HarvesterRequest, now: datetime) -> None:
        identify = markup.add(root, "Identify")
        values = {
            "repositoryName": "Pushcart: literature of the informal economy",
            "baseURL": self._base_url,
            "protocolVersion": "2.0",
            "adminEmail": _address_of(self.settings, host=self._host),
            "earliestDatestamp": markup.moment(self.store.changes.earliest() or now),
            "deletedRecord": "persistent",
            "granularity": "YYYY-MM-DDThh:mm:ssZ",
            "compression": "gzip",
        }
        for name, text in values.items():
            markup.add(identify, name, text)
        if _DOMAIN.fullmatch(self._host):
            sample = self._identifier("d0123456789abcdef")
            markup.add_identifier_scheme(identify, repository=self._host, sample=sample)

    def _list_formats(self, root: etree._Element, request: HarvesterRequest, now: datetime) -> None:
        if "identifier" in request.arguments:
            self._listed(request.get("identifier"))
        made = markup.add(markup.add(root, "ListMetadataFormats"), "metadataFormat")
        markup.add(made, "metadataPrefix", PREFIX)
        markup.add(made, "schema", markup.OAI_DC_SCHEMA)
        markup.add(made, "metadataNamespace", markup.OAI_DC)

    def _list_sets(self, root: etree._Element, request: HarvesterRequest, now: datetime) -> None:
        if "resumptionToken" in request.arguments:
            self.tokens.read(request.get("resumptionToken"), verb=request.verb, now=now)
        listed = markup.add(root, "ListSets")
        for spec, name in all_sets(self.store, self.vocabulary):
            made = markup.add(listed, "set")
            markup.add(made, "setSpec", spec)
            markup.add(made, "setName", name)

    def _get_record(self, root: etree._Element, request: HarvesterRequest, now: datetime) -> None:
        listed = self._listed(request.get("identifier"))
        self._add_record(markup.add(root, "GetRecord"), listed, rights=self.rights)

    def _list_records(self, root: etree._Element, request: HarvesterRequest, now: datetime) -> None:
        place = self._place(request, now=now)
        has_records = request.verb == "ListRecords"
        found = self.store.changes.listed(
            _selection(place), after=place.after, limit=self.page_records + 1, with_documents=has_records
        )
        page, is_last = found[: self.page_records], len(found) <= self.page_records
        if not page and not place.given:
            raise OaiRefusal(
                OaiErrorCode.NO_RECORDS_MATCH, "No record has been added, changed or removed in these limits."
            )
        made, rights = markup.add(root, request.verb), self.rights.now()
        for each in page:
            if has_records:
                self._add_record(made, each, rights=rights)
            else:
                self._add_header(made, each)
        if is_last:
            if place.given:  # the end of a list that was given in parts
                markup.add(made, "resumptionToken", cursor=str(place.given))
            return
        after = replace(place, after=page[-1].sequence, given=place.given + len(page))
        text, expires = self.tokens.write(after, now=now)
        markup.add(made, "resumptionToken", text, expirationDate=markup.moment(expires), cursor=str(place.given))

    def _place(self, request: HarvesterRequest, *, now: datetime) -> OaiToken:
        """Return where the list begins or goes on."""
        if "resumptionToken" in request.arguments:
            return self.tokens.read(request.get("resumptionToken"), verb=request.verb, now=now)
        spec = request.get("set")
        if spec and not is_set(spec, store=self.store, vocabulary=self.vocabulary):
            raise OaiRefusal(OaiErrorCode.NO_RECORDS_MATCH, f"There is no set {spec[:80]}. ListSets lists the sets.")
        return OaiToken(request.verb, spec, request.get("from"), request.get("until"), after=0, given=0)

    def _listed(self, identifier: str) -> ListedDocument:
        """Return the record of an identifier. Raises OaiRefusal: idDoesNotExist."""
        prefix = self._identifier("")
        found = None
        if identifier.startswith(prefix):
            found = self.store.changes.listed_one(identifier.removeprefix(prefix)[:64])
        if found is None or self._identifier(found.id) != identifier:
            raise OaiRefusal(OaiErrorCode.ID_DOES_NOT_EXIST, f"There is no record {identifier[:120]}.")
        return found

    def _identifier(self, document_id: str) -> str:
        return f"oai:{self._host}:{document_id}"

    def _add_header(self, parent: etree._Element, listed: ListedDocument) -> None:
        markup.add_header(
            parent,
            identifier=self._identifier(listed.id),
            changed_at=listed.changed_at,
            sets=sets_of(listed),
            is_deleted=listed.is_removed,
        )

    def _add_record(self, parent: etree._Element, listed: ListedDocument, *, rights: RightsPolicy) -> None:
        record = markup.add(parent, "record")
        self._add_header(record, listed)
        if listed.document is None:
            return
        described = dublin_core(
            listed.document,
            concepts=listed.concepts,
            vocabulary=self.vocabulary,
            rights=rights,
            public_url=self.settings.public_url,
        )
        markup.add_dublin_core(record, described)


def _selection(place: OaiToken) -> ListSelection:
    return replace(
        selection_of(place.set_spec),
        changed_from=start_of(place.since) if place.since else None,
        changed_before=end_of(place.until) if place.until else None,
    )


def _address_of(settings: Settings, *, host: str) -> str:
    """Return an e-mail address of who runs the site: the contact, else the sender of alerts, else the postmaster."""
    given = (parseaddr(settings.contact)[1], parseaddr(settings.mail_from)[1])
    return next((each for each in given if "@" in each and not each.startswith("http")), f"postmaster@{host}")
