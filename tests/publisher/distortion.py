"""What faults make of a sound answer. Pure: an answer goes in, another one comes out."""

from __future__ import annotations

import zlib
from dataclasses import replace

from demo.answers import HTML, TEXT, SampleAnswer
from tests.publisher.faults import Fault, FaultKind

_REFUSAL = b"User-agent: *\nDisallow: /\n"
_MAINTENANCE = b"<!doctype html><title>One moment</title><h1>Down for maintenance</h1><p>Please come back later.</p>"
_MILLION_SPACES = b" " * 1_000_000
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_DEFLATE_HEAD = b"\x78\xda"


def distorted(answer: SampleAnswer, fault: Fault) -> SampleAnswer:
    """Return the answer as a fault of its content changes it; as it is when the fault is of another sort."""
    match fault.kind:
        case FaultKind.REFUSE_ALL:
            return SampleAnswer(_REFUSAL, content_type=TEXT)
        case FaultKind.NOT_WHAT_IT_SAYS:
            return SampleAnswer(_MAINTENANCE, content_type=answer.content_type)
        case FaultKind.WEB_PAGE:
            return SampleAnswer(_MAINTENANCE, content_type=HTML)
        case FaultKind.WRONG_TYPE:
            wrong = HTML if answer.content_type == "application/pdf" else "application/octet-stream"
            return replace(answer, content_type=wrong)
        case FaultKind.EMPTY:
            return replace(answer, body=b"")
        case FaultKind.BROKEN_OFF:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case FaultKind.WRONG_CHARSET:
            body = answer.body.decode("utf-8", "replace").encode("cp1252", "replace")
            return replace(answer, body=body)
        case FaultKind.GZIP_BOMB if answer.content_type == "application/gzip":
            return replace(answer, body=_bomb(b"<?xml version='1.0'?>", head=_GZIP_HEAD, megabytes=fault.megabytes))
        case FaultKind.GZIP_BOMB:
            body = _bomb(answer.body, head=_GZIP_HEAD, megabytes=fault.megabytes)
            return replace(answer, body=body, encoding="gzip")
        case FaultKind.DEFLATE_BOMB:
            body = _bomb(answer.body, head=_DEFLATE_HEAD, megabytes=fault.megabytes)
            return replace(answer, body=body, encoding="deflate")
        case _:
            return answer


def _bomb(body: bytes, *, head: bytes, megabytes: int) -> bytes:
    """Return half of a body and then spaces, packed. The checksum at the end is missing: who gets there has lost already."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    start = packer.compress(body[: len(body) // 2]) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush nothing refers to what went before, so that one packed million can be repeated at no cost.
    million = packer.compress(_MILLION_SPACES) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + start + million * megabytes + packer.flush()
