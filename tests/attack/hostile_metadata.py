"""Twenty metadata files that are meant to hurt; each speaks for a plain text beside it. Always the same bytes."""

from __future__ import annotations

from collections.abc import Mapping

ALONE: Mapping[str, bytes] = {
    "half-pair": rb'{"title": "\ud800 lone", "authors": ["\udfff"]}',
    "half-pair-as-a-name": rb'{"title": "A", "\ud800": "x"}',
    "deep": b'{"title": ' + b"[" * 200_000,
    "number-without-end": b'{"title": 1e400, "year": 1e400, "date": NaN}',
    "number-of-6,000-digits": b'{"title": "A", "year": ' + b"9" * 6000 + b"}",
    "no-json": b"{title: 'A'",
    "utf16": '{"title": "A"}'.encode("utf-16"),
    "noise": bytes(range(256)) * 20,
    "list": b'["title", "A"]',
    "unknown-field": b'{"titel": "A"}',
    "signs-for-a-terminal": rb'{"title": "\u001b[2J\u001b]0;x\u0007\u0000 A \u202efdp.exe", "authors": ["\u009b31m"]}',
    "title-of-1-mb": b'{"title": "' + b"vendors-" * 125_000 + b'"}',
    "50,000-authors": b'{"title": "A", "authors": [' + b'"a",' * 50_000 + b'"b"]}',
    "address-that-is-none": b'{"title": "A", "url": "http://[::1"}',
    "nothing": b"",
}
"""Contents of NAME.txt.json."""

TABLES: Mapping[str, tuple[str, bytes]] = {
    "field-of-300-kb": ("metadata.csv", b"file,title\n{name},A\nother.txt," + b"a" * 300_000 + b"\n"),
    "open-quote": ("metadata.csv", b'file,title\n{name},"A\n' + b"b,c\n" * 20_000),
    "nul-and-half-pair": ("metadata.csv", b"file,title\n{name},A\x00\xed\xa0\x80B\n"),
    "deep-list": ("metadata.json", b"[" * 200_000),
    "row-for-no-file": ("metadata.json", b'[{"file": "nowhere-at-all.txt", "title": "A"}, {"file": "../../{name}"}]'),
}
"""Names and contents of tables, each in a folder of its own with one text, {name}."""

CANNOT_BE_MEANT = frozenset({"half-pair-as-a-name", "deep", "no-json", "noise", "list", "unknown-field", "nothing",
                             "address-that-is-none", "deep-list", "row-for-no-file"})  # fmt: skip
"""Of these the command must say something; of the others it may also take what can be taken, cleaned."""
