"""Somebody with a browser: cookies, forms as pages hold them, and what a hostile page would send in their place."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

_HIDDEN = re.compile(r'name="form_word" value="([0-9a-f]+)"')


class Asker(TestClient):
    """A client that sends Origin with its forms, as browsers do."""

    def __init__(self, app: FastAPI, *, address: str, origin: str = "http://testserver") -> None:
        super().__init__(app, base_url=origin, follow_redirects=False, client=(address, 50_000))
        self.origin = origin

    def word(self, path: str = "/audit") -> str:
        """Return the word of the forms of a page."""
        found = _HIDDEN.search(self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]

    def submit(self, path: str, *, origin: str | None = "", **fields: str) -> httpx.Response:
        """Send a form; origin: None sends no header, empty sends the site's own."""
        headers = {} if origin is None else {"Origin": origin or self.origin}
        return self.post(path, data=fields, headers=headers)

    def sign_in(self, token: str, **fields: str) -> httpx.Response:
        """Open the form for signing in and send it."""
        return self.submit("/sign-in", form_word=self.word("/sign-in"), token=token, **fields)

    def ask(self, method: str, path: str, token: str, **others: Any) -> httpx.Response:
        """Ask the API with a token."""
        return self.request(method, f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **others)


def shown(answer: httpx.Response) -> str:
    """Return the text of a page as a person reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
