"""Addresses of things on the server: where the page of an IRI is, and of a query in the editor."""

from urllib.parse import quote, urlencode

from evikg.ontology import kind_and_slug

#: Kinds of individuals that are no evidence: their page is that of any other IRI.
_WITHOUT_PAGE = {"ontology", "check", "graph"}


def address_of(iri: str) -> str:
    """Return the address of the page about an IRI.

    >>> address_of("https://w3id.org/evikg/study/kr-pms")
    '/study/kr-pms'
    >>> address_of("https://w3id.org/evikg/question/coverage")
    '/questions/coverage'
    >>> address_of("http://id.nlm.nih.gov/mesh/D006504")
    '/term?iri=http%3A%2F%2Fid.nlm.nih.gov%2Fmesh%2FD006504'
    """
    parts = kind_and_slug(iri)
    if parts and parts[0] not in _WITHOUT_PAGE and "#" not in parts[0]:
        kind = "questions" if parts[0] == "question" else parts[0]
        return f"/{kind}/{quote(parts[1], safe='')}"
    return f"/term?{urlencode({'iri': iri})}"


def editor_address(query: str) -> str:
    """Return the address of the editor with a query in it."""
    return f"/editor?{urlencode({'query': query})}"


def explorer_address(iri: str) -> str:
    """Return the address of the graph explorer that starts at a thing."""
    return f"/explore?{urlencode({'start': iri})}"
