"""Commands of Scrapy that are other ones for sources."""
