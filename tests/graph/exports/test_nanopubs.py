"""Nanopublications as the guidelines want them, and what they assert is what is reported."""

import io
from datetime import UTC, datetime

import pytest
import rdflib
from pyoxigraph import NamedNode, Triple

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import ExportError
from evikg.graph.exports import Nanopub, read_nanopubs
from evikg.graph.exports.nanopubs import write_nanopubs
from evikg.graph.mapping import RDF_TYPE
from evikg.graph.store import Store
from evikg.ontology import EV

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
#: Nanopublication Guidelines, "Well-formed Nanopublications": exactly one head with one
#: graph of each of three kinds, all four different; the provenance is about the assertion, and the
#: publication information about the nanopublication.
WELL_FORMED = """
PREFIX np: <http://www.nanopub.org/nschema#>
SELECT ?np (COUNT(DISTINCT ?a) AS ?as) (COUNT(DISTINCT ?p) AS ?ps) (COUNT(DISTINCT ?i) AS ?is)
WHERE {
  GRAPH ?h {
    ?np a np:Nanopublication ; np:hasAssertion ?a ; np:hasProvenance ?p ; np:hasPublicationInfo ?i .
  }
  FILTER(?h != ?a && ?h != ?p && ?h != ?i && ?a != ?p && ?a != ?i && ?p != ?i)
  FILTER EXISTS { GRAPH ?a { ?s ?q ?o } }
  FILTER EXISTS { GRAPH ?p { ?a ?r ?source } }
  FILTER EXISTS { GRAPH ?i { ?np ?u ?v } }
} GROUP BY ?np
"""


def written(store: Store) -> bytes:
    output = io.BytesIO()
    write_nanopubs(store, output, MOMENT)
    return output.getvalue()


@pytest.fixture(scope="module")
def published(store: EmbeddedStore) -> list[Nanopub]:
    return read_nanopubs(written(store))


def test_the_assertions_together_are_what_sources_report(
    store: EmbeddedStore, published: list[Nanopub]
) -> None:
    results = list(store.inner.quads_for_pattern(None, RDF_TYPE, EV.Result, None))
    reported = {
        quad.triple
        for result in results
        for quad in store.inner.quads_for_pattern(result.subject, None, None, result.graph_name)
    }
    assert {triple for found in published for triple in found.assertion} == reported
    assert len(published) == len(results)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib trips over its own
def test_they_are_well_formed(part: EmbeddedStore) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(part), format="trig")
    rows = list(dataset.query(WELL_FORMED))
    assert [tuple(map(int, row[1:])) for row in rows] == [(1, 1, 1)] * len(rows)  # type: ignore[index,arg-type]
    assert len(rows) == len(read_nanopubs(written(part)))
    assert len(list(dataset.graphs())) == 4 * len(rows) + 1  # and the default graph, empty


def test_one_says_where_it_is_from_and_under_what_terms(published: list[Nanopub]) -> None:
    # The DOI is that of the phase IV trial, the cell that of its Table 2.
    (found,) = (np for np in published if np.iri.endswith("/ozcan-2025-l147-2"))
    said = {triple.object.value for triple in found.pubinfo}  # type: ignore[union-attr]
    assert found.iri == "http://purl.org/nanopub/temp/ozcan-2025-l147-2"
    assert said == {
        "35 (83.3), Table 2, CR/CRi, 1.2 mg/m2/cycle (randomized)",
        "2026-01-02T03:04:05+00:00",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://w3id.org/evikg/result/ozcan-2025-l147-2",
    }
    derived = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
    about = NamedNode(f"{found.iri}/assertion")
    doi = NamedNode("https://doi.org/10.3324/haematol.2024.286091")
    assert Triple(about, derived, doi) in found.provenance


def test_a_graph_without_terms_is_not_published() -> None:
    with pytest.raises(ExportError, match="under what terms"):
        written(EmbeddedStore())


def test_a_file_that_is_cut_off_is_refused(part: EmbeddedStore) -> None:
    whole = written(part)
    with pytest.raises(ExportError, match="no TriG"):
        read_nanopubs(whole[:-200])
    without = whole[: whole.rindex(b"/pubinfo> {")]
    without = without[: without.rindex(b"<http")]
    with pytest.raises(ExportError, match="has no graph of its pubinfo"):
        read_nanopubs(without)
