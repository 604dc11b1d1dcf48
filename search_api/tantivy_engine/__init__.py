"""The embedded search engine: two tantivy indexes in the data folder, one of documents and one of pages."""

from search_api.tantivy_engine.engine import TantivyEngine

__all__ = ["TantivyEngine"]
