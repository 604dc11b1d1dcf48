"""The demonstration publisher behind `pushcart demo`: invented publications, and the web site that offers them.

Content is in `publications/`, one Markdown file each. `python -m demo` serves the site alone. What goes wrong with web sites
is not here: tests switch it on in `tests/publisher`.
"""

from demo.publication import ExpectedTags, Publication, load_publications
from demo.server import DemoPublisher

__all__ = ["DemoPublisher", "ExpectedTags", "Publication", "load_publications"]
