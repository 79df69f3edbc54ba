"""What is asked of a synthesis: of which results, narrowed how, by which method."""

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files

from pyoxigraph import NamedNode, QuerySolutions

from evikg.analysis.synthesis.heterogeneity import Tau2
from evikg.analysis.synthesis.pooling import Interval
from evikg.analysis.synthesis.scales import Scale
from evikg.graph.binding import bind
from evikg.graph.comparability.facets import facets
from evikg.graph.concepts import find_concepts
from evikg.graph.store import Store
from evikg.ontology import kind_and_slug
from evikg.queries.catalogue import Value, catalogue

#: How the name of a result ends: its line and its place in the line.
_RESULT = re.compile(r"-l\d+-\d+$")


class Model(StrEnum):
    """How the numbers of the studies are put together."""

    LOGISTIC = "logistic"
    INVERSE_VARIANCE = "inverse-variance"


class UnknownTargetError(LookupError):
    """Nothing in the graph is called what was to be pooled."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to pool and how.

    :param target: a question, a variable, a concept, or the names of results
    :param parameters: of the question
    :param only: facet to the values that are wanted, as the facets write them
    :param exclude: names of results that are left out
    :param despite: why the results are pooled although something bars it
    :param model: logistic for frequencies, inverse variance for everything else, by default
    :param scale: of inverse variance, as are `tau2`, `interval` and `random_effects`; by default
        logit for shares, REML, Hartung-Knapp
    :param by: facet whose values make subgroups
    """

    target: tuple[str, ...]
    parameters: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    only: Mapping[str, Collection[str]] = field(default_factory=dict)
    exclude: frozenset[str] = frozenset()
    despite: str | None = None
    model: Model | None = None
    scale: Scale | None = None
    tau2: Tau2 | None = None
    interval: Interval | None = None
    random_effects: bool = True
    level: float = 0.95
    by: str | None = None
    leave_one_out: bool = False
    pool_medians: bool = False

    def __post_init__(self) -> None:
        """Refuse facets that there are not, an empty reason, and options that would do nothing."""
        known = [facet.name for facet in facets()]
        for name in (*self.only, *filter(None, [self.by])):
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ValueError(f"no facet {name!r}{hint} (facets: {', '.join(known)})")
        if self.despite is not None and not self.despite.strip():
            raise ValueError("--despite needs a reason: it is recorded with the answer")
        if self.model is Model.LOGISTIC and self.of_inverse_variance:
            raise ValueError(f"the logistic model has no {', '.join(self.of_inverse_variance)}")
        if not self.random_effects and self.tau2 is not None:
            raise ValueError("--common-effect has no --tau2: leave one of them out")
        if not self.random_effects and self.interval not in {None, Interval.WALD}:
            raise ValueError(f"--common-effect has no {self.interval} interval: it is Wald's")

    @property
    def of_inverse_variance(self) -> tuple[str, ...]:
        """Return the options given that inverse variance alone has."""
        given = {
            "--scale": self.scale is not None,
            "--tau2": self.tau2 is not None,
            "--interval": self.interval is not None,
            "--common-effect": not self.random_effects,
        }
        return tuple(name for name, is_given in given.items() if is_given)

    @property
    def asked(self) -> str:
        """Return the request as it is recorded with its answer."""
        words = [*self.target]
        for option, given in (("--param", self.parameters), ("--only", self.only)):
            for name, values in sorted(given.items()):
                for value in sorted(map(str, values)):
                    words += [option, f"{name}={value}"]
        for slug in sorted(self.exclude):
            words += ["--exclude", slug]
        return shlex.join(words)


def results_of(store: Store, request: Request) -> list[str]:
    """Return the names of the results that a request is about, each once.

    :raises UnknownTargetError: if its target is no question, variable, concept or result
    :raises ParameterError: if a parameter does not fit the question
    """
    name, *more = request.target
    questions = catalogue()
    if not more and name in list(questions):
        answer = questions[name].run(store, **request.parameters)
        if "result" not in answer.columns:
            raise UnknownTargetError(f"the answers to {name} name no results: it cannot be pooled")
        place = answer.columns.index("result")
        return list(dict.fromkeys(_slug(row[place]) for row in answer.rows if row[place]))
    if request.parameters:
        given = ", ".join(f"--{parameter}" for parameter in request.parameters)
        raise UnknownTargetError(f"{name!r} is no question, so that it has no {given}")
    concepts = find_concepts(store, name) if not more else []
    if concepts:
        text = files(__package__).joinpath("results-of-concept.rq").read_text(encoding="utf-8")
        solutions = store.query(bind(text, {"concept": concepts}))
        assert isinstance(solutions, QuerySolutions)  # noqa: S101 - what a SELECT answers
        found = list(dict.fromkeys(_slug(row[0]) for row in solutions))
        if not found:
            raise UnknownTargetError(f"the graph has no result on {name!r}")
        return found
    others = [slug for slug in request.target if not _RESULT.search(slug)]
    if others and more:
        raise UnknownTargetError(f"several targets must all be names of results: {others[0]!r}")
    if others:
        hint = _nearest(store, name, list(questions))
        raise UnknownTargetError(f"no question, variable or concept {name!r}{hint}")
    return [slug.removeprefix("result:") for slug in dict.fromkeys(request.target)]


def _nearest(store: Store, name: str, questions: Sequence[str]) -> str:
    """Ask whether a question or a variable was meant whose name, or another name, is near."""
    text = files(__package__).joinpath("variables.rq").read_text(encoding="utf-8")
    solutions = store.query(text)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - what a SELECT answers
    meant = {question: f"the question {question}" for question in questions}
    for variable, label in solutions:
        slug = _slug(variable)
        meant |= dict.fromkeys((slug, getattr(label, "value", slug).casefold()), slug)
    near = dict.fromkeys(meant[found] for found in get_close_matches(name.casefold(), meant, 3))
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _slug(term: object) -> str:
    parts = kind_and_slug(term.value) if isinstance(term, NamedNode) else None
    return parts[1] if parts else str(term)
