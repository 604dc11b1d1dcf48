"""The built-in sample publisher: invented publications, their web site on a loopback port, and faults to switch on.

Content is in `publications/`, one Markdown file each. A newcomer's first harvest and the tests both read it over HTTP.
"""

from crawler.sample.faults import Fault, FaultKind
from crawler.sample.publication import ExpectedTags, Publication, load_publications
from crawler.sample.server import SamplePublisher
from crawler.sample.traffic import Request

__all__ = ["ExpectedTags", "Fault", "FaultKind", "Publication", "Request", "SamplePublisher", "load_publications"]
