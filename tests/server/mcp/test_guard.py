"""What a query may not compute, whichever way it is written."""

import pytest

from evikg.server.exchange import Refusal
from evikg.server.mcp.guard import COMPUTES, inspect


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (SUM(?e) AS ?sum) WHERE { ?r ev:events ?e }",
        "SELECT ?v (AVG(?x) AS ?mean) WHERE { ?r ev:variable ?v ; ev:value ?x } GROUP BY ?v",
        "SELECT (SUM(?e) / SUM(?t) AS ?rate) WHERE { ?r ev:events ?e ; ev:total ?t }",
        "SELECT (SUM(?e * 1) AS ?sum) WHERE { ?r ev:events ?e }",
        "SELECT (SUM(?twice) AS ?sum) WHERE { ?r ev:events ?e BIND(?e * 2 AS ?twice) }",
        "SELECT (SUM(?e) AS ?sum) WHERE { { SELECT ?e WHERE { ?r ev:events ?e } } }",
        "SELECT (SUM(?y) AS ?sum) WHERE { { SELECT (xsd:decimal(?x) AS ?y) { ?r ev:value ?x } } }",
        "SELECT (SUM(?n) AS ?sum) WHERE { ?g ev:size ?n }",
        # a predicate that is not named may be any
        "SELECT (SUM(?o) AS ?sum) WHERE { ?r ?p ?o FILTER(?p = ev:events) }",
        "SELECT (SUM(?e) AS ?sum) WHERE { ?r !ev:total ?e }",
        "SELECT (SUM(?e) AS ?sum) WHERE { ?q ^ev:quantity/ev:events ?e }",
        "SELECT (SUM(?e) AS ?sum) WHERE { ?r ev:total|ev:events ?e }",
        "SELECT ?v WHERE { ?r ev:variable ?v ; ev:value ?x } GROUP BY ?v HAVING(AVG(?x) > 3)",
        "SELECT ?v WHERE { ?r ev:variable ?v ; ev:value ?x } GROUP BY ?v ORDER BY SUM(?x)",
        "ASK { FILTER NOT EXISTS { { SELECT (AVG(?x) AS ?m) WHERE { ?r ev:value ?x } } } }",
        "CONSTRUCT { ?v ev:value ?m } { { SELECT ?v (AVG(?x) AS ?m) { ?v ev:value ?x } } }",
    ],
)
def test_sums_and_means_of_reported_numbers_are_refused(query: str) -> None:
    with pytest.raises(Refusal, match=r"a (sum|mean) of reported numbers"):
        inspect(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(?r) AS ?n) WHERE { ?r ev:events ?e }",
        "SELECT ?v (MAX(?x) AS ?most) WHERE { ?r ev:variable ?v ; ev:value ?x } GROUP BY ?v",
        "SELECT (GROUP_CONCAT(?x) AS ?all) WHERE { ?r ev:printedValue ?x }",
        "SELECT (SUM(?n) AS ?triples) WHERE { ?g void:triples ?n }",
        "DESCRIBE <https://w3id.org/evikg/study/kr-pms>",
        "ASK { ?r a ev:Result }",
    ],
)
def test_counts_extremes_and_lists_are_no_new_estimates(query: str) -> None:
    assert inspect(query) == []


def test_arithmetic_with_reported_numbers_is_told() -> None:
    query = "SELECT (?e / ?t AS ?share) WHERE { ?r ev:events ?e ; ev:total ?t }"
    assert inspect(query) == [COMPUTES]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 400),
        ("DELETE WHERE { ?s ?p ?o }", 400),
        ("SELECT WHERE {", 400),
        ("", 400),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403),
        ("SELECT * WHERE { OPTIONAL { SERVICE SILENT ?x { ?s ?p ?o } } }", 403),
    ],
)
def test_updates_other_endpoints_and_what_is_no_query_are_refused(query: str, status: int) -> None:
    with pytest.raises(Refusal) as caught:
        inspect(query)
    assert caught.value.status == status
    assert "\n" not in caught.value.message
