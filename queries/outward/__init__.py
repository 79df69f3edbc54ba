"""Outward links: public SPARQL endpoints asked politely, with a cache and clear refusals."""

from .asking import Asked, Asker
from .cache import Cache
from .endpoint import Client, Limits, NoAnswerError
from .lookup import Reply, Row, lookup
from .settings import Endpoint, EndpointsError, Settings, read_settings

__all__ = [
    "Asked",
    "Asker",
    "Cache",
    "Client",
    "Endpoint",
    "EndpointsError",
    "Limits",
    "NoAnswerError",
    "Reply",
    "Row",
    "Settings",
    "lookup",
    "read_settings",
]
