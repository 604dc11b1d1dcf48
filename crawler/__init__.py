"""From a source to fetched files: Scrapy spiders whose sources are declared in TOML files."""
