"""The first page: what this is, where to begin, what is in the graph."""

from evikg.graph.store import Store
from evikg.ontology import word
from evikg.queries import catalogue
from evikg.server.exchange import Reply, Request, Route
from evikg.server.rendering import page

from .asking import Row, ask
from .things import local

#: Questions shown on the first page, the first that come to a haematologist's mind.
_EXAMPLES = (
    "response-by-regimen",
    "vod-sos-by-dose",
    "landmark-survival",
    "mrd-negativity",
    "fatal-adverse-events",
    "faers-signals",
    "discrepancies",
    "double-counting",
)
#: How many outcomes and events are shown, those of most studies first.
_SHOWN = 9


def home_page(store: Store, _request: Request) -> Reply:
    """Answer `/`."""
    questions = catalogue()
    measured = ask(store, "variables").rows
    return page(
        "home.html",
        counts={local(row["class"]): row["number"] for row in ask(store, "counts").rows},
        drugs=[row for row in ask(store, "drugs").rows if row["regimens"] != "0"],
        studies=[row for row in ask(store, "studies").rows if row["own_numbers"] != "0"],
        sources=ask(store, "sources").rows,
        outcomes=_most(measured, {"efficacy", "transplant"}),
        events=_most(measured, {"adverse event"}),
        questions=[
            (name, questions[name].header.summary) for name in _EXAMPLES if name in questions
        ],
        build=next(iter(ask(store, "build").rows), None),
    )


def _most(rows: tuple[Row, ...], kinds: set[str]) -> list[Row]:
    found = [row for row in rows if word(row["kind"]) in kinds and row["numbers"] != "0"]
    found.sort(key=lambda row: (-int(row["studies"]), -int(row["numbers"]), row["name"]))
    return found[:_SHOWN]


ROUTES = (Route("/", home_page),)
