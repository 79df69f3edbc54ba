"""Where an endpoint takes what, and what is refused as the name of one."""

import pytest

from evikg.graph import EndpointError
from evikg.graph.remote import RemoteStore
from evikg.graph.remote_places import Places

PASSWORD = "kept-to-itself"  # noqa: S105 - of no server


@pytest.mark.parametrize(
    "url", ["http://", "ftp://host/query", "http://host:port/query", "http://ho st/query", "host"]
)
def test_what_is_no_url_of_an_endpoint_is_refused(url: str) -> None:
    with pytest.raises(EndpointError, match="named by an http or https URL"):
        RemoteStore(url)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(EndpointError, match="EVIKG_USER") as caught:
        RemoteStore(f"http://clinician:{PASSWORD}@127.0.0.1:9/query")
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf"])
def test_a_timeout_that_is_no_number_of_seconds_is_refused(
    monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setenv("EVIKG_TIMEOUT", seconds)
    with pytest.raises(EndpointError, match="EVIKG_TIMEOUT"):
        RemoteStore("http://127.0.0.1:9/query")


# The URLs of servers are those of their manuals: oxigraph's README, Virtuoso's "SPARQL Protocol".
@pytest.mark.parametrize(
    ("url", "known_user", "update", "graph"),
    [
        ("http://h/query", False, "http://h/update", "http://h/store?graph=urn%3Ag"),
        ("http://h/db/query", True, "http://h/db/update", "http://h/db/store?graph=urn%3Ag"),
        (
            "http://h/sparql",
            False,
            "http://h/sparql",
            "http://h/sparql-graph-crud?graph-uri=urn%3Ag",
        ),
        (
            "http://h/sparql",
            True,
            "http://h/sparql-auth",
            "http://h/sparql-graph-crud-auth?graph-uri=urn%3Ag",
        ),
    ],
)
def test_the_other_urls_follow_from_that_of_queries(
    url: str, known_user: bool, update: str, graph: str
) -> None:
    places = Places.of(url, known_user=known_user, environment={})
    assert (places.query, places.update, places.graph("urn:g")) == (url, update, graph)


def test_other_urls_stand_in_the_environment() -> None:
    told_urls = {"EVIKG_UPDATE_URL": "http://h/u", "EVIKG_GRAPH_STORE_URL": "http://h/g?db=a"}
    places = Places.of("http://h/repositories/evikg", environment=told_urls)
    assert (places.update, places.graph("urn:g")) == ("http://h/u", "http://h/g?db=a&graph=urn%3Ag")
    unknown = Places.of("http://h/repositories/evikg", environment={})
    assert unknown.update == "http://h/repositories/evikg"
    with pytest.raises(EndpointError, match="EVIKG_GRAPH_STORE_URL"):
        unknown.graph("urn:g")
