"""The embedded search engine: two tantivy indexes in the data folder, one of documents and one of pages."""

from search_api.engines.tantivy.engine import TantivyEngine

__all__ = ["TantivyEngine"]
