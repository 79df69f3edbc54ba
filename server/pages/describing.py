"""RDF about a thing, for who asks for it by `Accept` or by `?format=`."""

from pyoxigraph import NamedNode, QueryTriples, RdfFormat, serialize

from evikg.graph.binding import bind
from evikg.graph.store import Store
from evikg.ontology import prefixes
from evikg.server.exchange import Reply, Request
from evikg.server.negotiation import Form, choose

from .asking import text_of

_HTML = Form("text/html; charset=utf-8", "html", ("application/xhtml+xml",))
#: Forms of RDF, by the name and the ending that links of a page use.
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}


def rdf_reply(store: Store, request: Request, iri: NamedNode) -> Reply | None:
    """Return what is stated of a thing as RDF, or None for who wants a page.

    :raises Refusal: 406 for a form that there is not
    """
    forms = (_HTML, *(Form(form.media_type, name) for name, form in FORMATS.items()))
    form = choose(forms, request.headers.get("accept", ""), request.value("format"))
    if form == _HTML:
        return None
    answer = store.query(bind(text_of("about"), {"thing": [iri]}))
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    body = serialize(answer, format=FORMATS[form.name], prefixes=prefixes())
    return Reply(body or b"", form.media_type)
