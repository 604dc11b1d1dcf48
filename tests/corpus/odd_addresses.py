"""Addresses as publishers write them: which are one, which are two, and how each is shown and fetched."""

from __future__ import annotations

from hypothesis import strategies as st

SITE = "http://office.example"

SAME = (
    ("HTTP://Office.Example/A.pdf", "http://office.example/A.pdf"),
    (f"{SITE}:80/a", f"{SITE}/a"),
    (f"{SITE}:/a", f"{SITE}/a"),
    (f"{SITE}:0080/a", f"{SITE}/a"),
    ("https://office.example:443/a", "https://office.example/a"),
    (SITE, f"{SITE}/"),
    (f"{SITE}?a", f"{SITE}/?a"),
    (f"{SITE}/%7Euser/a", f"{SITE}/~user/a"),
    (f"{SITE}/%61%2Dz", f"{SITE}/a-z"),
    (f"{SITE}/?f=a%f1o.pdf", f"{SITE}/?f=a%F1o.pdf"),
    (f"{SITE}/a%2fb", f"{SITE}/a%2Fb"),
    (f"{SITE}/a/./b/../c.pdf", f"{SITE}/a/c.pdf"),
    (f"{SITE}/a/%2E%2e/c.pdf", f"{SITE}/c.pdf"),
    (f"{SITE}/../c.pdf", f"{SITE}/c.pdf"),
    (f"{SITE}/a/..", f"{SITE}/"),
    (f"{SITE}/a.pdf#page=2", f"{SITE}/a.pdf"),
    (f"{SITE}/a.pdf?utm_source=x&fbclid=y", f"{SITE}/a.pdf"),
    (f"{SITE}/a?b=1&UTM_medium=x&c=2", f"{SITE}/a?b=1&c=2"),
    (f"{SITE}/informe año.pdf", f"{SITE}/informe%20a%C3%B1o.pdf"),
    (f"{SITE}/?q=año", f"{SITE}/?q=a%C3%B1o"),
    ("http://trabajo.añez.example/", "http://trabajo.xn--aez-7ma.example/"),
    (f"{SITE}/100%.pdf", f"{SITE}/100%25.pdf"),
    (f"{SITE}/a[1].pdf", f"{SITE}/a%5B1%5D.pdf"),
    ("http:/office.example/a", f"{SITE}/a"),
    ("http:\\\\office.example\\a", f"{SITE}/a"),
    (f"  {SITE}/a\n", f"{SITE}/a"),
    ("http://[2001:DB8::1]/a", "http://[2001:db8::1]:80/a"),
)
"""Pairs that must have the same key."""

APART = (
    (f"{SITE}/?f=a%f1o.pdf", f"{SITE}/?f=a%e9o.pdf"),
    (f"{SITE}/a%f1o.pdf", f"{SITE}/a%e9o.pdf"),
    (f"{SITE}/a%f1o.pdf", f"{SITE}/a%C3%B1o.pdf"),
    (f"{SITE}/get.pdf?report12", f"{SITE}/get.pdf?report12="),
    (f"{SITE}/get.pdf?", f"{SITE}/get.pdf"),
    (f"{SITE}/get.pdf;", f"{SITE}/get.pdf"),
    (f"{SITE}/?a;b", f"{SITE}/?a%3Bb"),
    (f"{SITE}/a;v=1", f"{SITE}/a%3Bv=1"),
    (f"{SITE}/a;jsessionid=1", f"{SITE}/a"),
    (f"{SITE}/?a=1&b=2", f"{SITE}/?b=2&a=1"),
    (f"{SITE}/?a=2&a=1", f"{SITE}/?a=1&a=2"),
    (f"{SITE}/?a=1&a=1", f"{SITE}/?a=1"),
    (f"{SITE}/?a=1&", f"{SITE}/?a=1"),
    (f"{SITE}/?a&&b", f"{SITE}/?a&b"),
    (f"{SITE}/?q=a+b", f"{SITE}/?q=a%20b"),
    (f"{SITE}/?q=a+b", f"{SITE}/?q=a%2Bb"),
    (f"{SITE}/a+b", f"{SITE}/a%20b"),
    (f"{SITE}/a%2Fb", f"{SITE}/a/b"),
    (f"{SITE}/a%3Fb", f"{SITE}/a?b"),
    (f"{SITE}/a%2541", f"{SITE}/a%41"),
    (f"{SITE}/?u=http%3A%2F%2Fb.example", f"{SITE}/?u=http://b.example"),
    (f"{SITE}/a&b", f"{SITE}/a%26b"),
    (f"{SITE}/A.pdf", f"{SITE}/a.pdf"),
    (f"{SITE}/?F=a", f"{SITE}/?f=a"),
    (f"{SITE}/a/", f"{SITE}/a"),
    (f"{SITE}//a", f"{SITE}/a"),
    (f"{SITE}/a//b", f"{SITE}/a/b"),
    (f"{SITE}/a", "https://office.example/a"),
    (f"{SITE}:8080/a", f"{SITE}/a"),
    (f"{SITE}/a", "http://www.office.example/a"),
    (f"{SITE}/a", "http://office.example./a"),
    ("http://one@office.example/a", "http://two@office.example/a"),
    (f"{SITE}/jose\u0301", f"{SITE}/jos\u00e9"),
    (f"{SITE}/?data=1", f"{SITE}/?data=2"),
    (f"{SITE}/?utm=1", f"{SITE}/"),
)
"""Pairs that must not have the same key: a server may keep two files there."""

BASE = "http://office.example/p/list.asp?page=2"
SHOWN = (
    ("/get.pdf?report12", f"{SITE}/get.pdf?report12"),
    ("/d.pdf?id=1;v=2", f"{SITE}/d.pdf?id=1;v=2"),
    ("/q.pdf?z=1&a=2", f"{SITE}/q.pdf?z=1&a=2"),
    ("/q.pdf?q=a+b&r=a%20b", f"{SITE}/q.pdf?q=a+b&r=a%20b"),
    ("doc.asp?f=a%f1o.pdf", f"{SITE}/p/doc.asp?f=a%f1o.pdf"),
    ("doc.asp?f=a%e9o.pdf", f"{SITE}/p/doc.asp?f=a%e9o.pdf"),
    ("\\f\\hoima.pdf", f"{SITE}/f/hoima.pdf"),
    ("..\\f\\hoima.pdf?a\\b", f"{SITE}/f/hoima.pdf?a%5Cb"),
    ("\\\\files.example\\hoima.pdf", "http://files.example/hoima.pdf"),
    ("https:/files.example/a.pdf", "https://files.example/a.pdf"),
    ("http:/a.pdf", f"{SITE}/a.pdf"),
    ("?page=3", f"{SITE}/p/list.asp?page=3"),
    ("a.pdf?", f"{SITE}/p/a.pdf?"),
    ("a.pdf;", f"{SITE}/p/a.pdf;"),
    ("/%7euser/a.pdf", f"{SITE}/%7euser/a.pdf"),
    ("/a.pdf?utm_source=feed", f"{SITE}/a.pdf?utm_source=feed"),
    ("/a//b/a.pdf", f"{SITE}/a//b/a.pdf"),
    (" sp ace.pdf\n", f"{SITE}/p/sp%20ace.pdf"),
    ("año.pdf?f=año", f"{SITE}/p/a%C3%B1o.pdf?f=a%C3%B1o"),
    ("/100%.pdf", f"{SITE}/100%.pdf"),
    ("/a.pdf#page=4", f"{SITE}/a.pdf"),
    ("/o'brien(1).pdf?t='x'", f"{SITE}/o'brien(1).pdf?t='x'"),
    ("/a[1]|b.pdf", f"{SITE}/a%5B1%5D%7Cb.pdf"),
    ("http://Files.Example:80/A.pdf", "http://Files.Example:80/A.pdf"),
    ("http://files.example/x/../a.pdf", "http://files.example/x/../a.pdf"),
    ("http://files.example?a", "http://files.example/?a"),
    ("re\nport.pdf", f"{SITE}/p/report.pdf"),
)
"""Links on the page BASE, and the address that is fetched and shown."""

_PIECES = st.sampled_from(
    [
        "a",
        "Z",
        "9",
        "-",
        ".",
        "~",
        "%41",
        "%7e",
        "%2f",
        "%3b",
        "%F1",
        "%e9",
        "%25",
        "+",
        ";",
        ",",
        "'",
        "ñ",
        "é",
        "=",
        "@",
    ]
)
_PATHS = st.lists(st.lists(_PIECES, max_size=4).map("".join), max_size=4).map("/".join)
_QUERIES = st.lists(st.lists(_PIECES, max_size=4).map("".join), max_size=3).map("&".join)
ADDRESSES = st.builds(
    lambda path, query, has_query: f"{SITE}/{path}{f'?{query}' if has_query else ''}", _PATHS, _QUERIES, st.booleans()
)
"""Addresses with everything in them that was ever joined or changed by mistake."""


@st.composite
def respelled(draw: st.DrawFn) -> tuple[str, str]:
    """Draw an address, and another spelling of it that RFC 3986 holds to be the same."""
    url = draw(ADDRESSES)
    rest = url.removeprefix(SITE)
    signs = []
    for number, sign in enumerate(rest):
        is_escape = rest[max(0, number - 2) : number].find("%") >= 0
        if is_escape:
            signs.append(draw(st.sampled_from([sign.lower(), sign.upper()])))
        elif sign.isascii() and (sign.isalnum() or sign in "-~") and draw(st.booleans()):
            signs.append(f"%{ord(sign):02x}")
        elif not sign.isascii():
            signs.append("".join(f"%{octet:02x}" for octet in sign.encode()))
        else:
            signs.append(sign)
    dots = draw(st.sampled_from(["", "/.", "/x/..", "/%2E"]))
    host = draw(st.sampled_from(["http://office.example", "HTTP://OFFICE.example:80", "http://Office.Example:"]))
    return url, f"{host}{dots}{''.join(signs)}"
