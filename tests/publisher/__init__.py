"""The demonstration publisher as tests need it: it revises and withdraws publications, and misbehaves on request."""

from tests.publisher.faults import Fault, FaultKind
from tests.publisher.server import SamplePublisher
from tests.publisher.traffic import Request

__all__ = ["Fault", "FaultKind", "Request", "SamplePublisher"]
