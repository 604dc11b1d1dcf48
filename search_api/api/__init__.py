"""The JSON API under /api/v1."""

from search_api.api.application import make_api
from search_api.api.state import AppState

__all__ = ["AppState", "make_api"]
