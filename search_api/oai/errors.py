"""What a harvester did wrong, by the codes of OAI-PMH 2.0 (3.6)."""

from __future__ import annotations

from enum import StrEnum


class OaiErrorCode(StrEnum):
    """Codes of errors. `noSetHierarchy` is not among them: this repository always has sets."""

    BAD_ARGUMENT = "badArgument"
    BAD_RESUMPTION_TOKEN = "badResumptionToken"  # a code, and no password  # noqa: S105
    BAD_VERB = "badVerb"
    CANNOT_DISSEMINATE_FORMAT = "cannotDisseminateFormat"
    ID_DOES_NOT_EXIST = "idDoesNotExist"
    NO_RECORDS_MATCH = "noRecordsMatch"


class OaiRefusal(Exception):
    """A request that is answered with an error of the protocol."""

    def __init__(self, code: OaiErrorCode, text: str) -> None:
        """Name the error; the text is for the person behind the harvester, in English as the protocol is."""
        super().__init__(text)
        self.code = code
        self.text = text
