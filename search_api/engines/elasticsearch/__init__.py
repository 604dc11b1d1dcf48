"""The engine for more than one machine: an Elasticsearch cluster, 8.19 or newer."""

from search_api.engines.elasticsearch.connection import open_elasticsearch
from search_api.engines.elasticsearch.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine", "open_elasticsearch"]
