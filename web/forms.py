"""Forms that a page sends by POST: small ones, and one with a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart import create_form_parser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File
from starlette.exceptions import HTTPException
from starlette.requests import Request

BYTES_MAX = 8_000
"""Of a whole form; ours have one or two short fields."""
_FIELDS_MAX = 20


async def form_values(request: Request) -> dict[str, str]:
    """Return the fields of a form by name, the last of several; a body in another form has none.

    Raises HTTPException: 413, it has more than BYTES_MAX. Nothing beyond them is read.
    """
    return dict(await form_fields(request))


async def form_fields(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form in their order, also those that are given twice; otherwise as `form_values`."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            raise HTTPException(413)
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:  # more fields, or bytes that are no text
        return []


@dataclass(slots=True)
class UploadedForm:
    """A form with a file, all of it in memory."""

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes = b""
    """Empty: none was chosen."""


async def uploaded_form(request: Request, *, bytes_max: int) -> UploadedForm:
    """Return the fields of a form by name, and its file; what is no such form is empty. Nothing is written to disk.

    Raises HTTPException: 413, it has more than `bytes_max`. 400, it cannot be read.
    """
    found = UploadedForm()

    def on_field(given: Field) -> None:
        if len(found.fields) < _FIELDS_MAX:
            found.fields[(given.field_name or b"").decode(errors="replace")] = (given.value or b"").decode(
                errors="replace"
            )

    def on_file(given: File) -> None:
        given.file_object.seek(0)
        found.file = found.file or given.file_object.read()
        given.close()

    headers = {"Content-Type": request.headers.get("content-type", "").encode("latin-1")}
    try:
        parser = create_form_parser(headers, on_field, on_file, config={"MAX_MEMORY_FILE_SIZE": bytes_max + 1})
        received = 0
        async for piece in request.stream():
            received += len(piece)
            if received > bytes_max:
                raise HTTPException(413)
            parser.write(piece)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise HTTPException(400) from error
    return found
