"""The catalogue of questions: read from files, bound to parameters, run on a store."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from evikg.graph.binding import Term, bind, clause
from evikg.graph.branches import Branches
from evikg.graph.codecs import xsd
from evikg.graph.concepts import find_concepts
from evikg.graph.store import Store
from evikg.ontology import compact, individual, prefixes
from evikg.ontology.curie import contract

from .answer import Answer
from .header import VALUE_KINDS, Header, QuestionError, read_header

Value = str | int

_WITHIN = re.compile(r"\?(\w+) ev:within \?(\w+)")


class UnknownQuestionError(LookupError):
    """No question has this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Hold the name and the names there are."""
        self.name, self.known = name, known

    def __str__(self) -> str:
        """Return one line with the nearest names."""
        return f"no question {self.name!r}{_nearest(self.name, self.known)}"


class ParameterError(ValueError):
    """A parameter is unknown, or its value is not of its kind."""


@dataclass(frozen=True)
class Question:
    """One question: a SPARQL file with a header."""

    name: str
    text: str

    @cached_property
    def header(self) -> Header:
        """Return what the file says of itself, checked."""
        return read_header(self.name, self.text)

    def bound(self, store: Store, parameters: Mapping[str, Value | Sequence[Value]]) -> str:
        """Return the query with its parameters bound as RDF terms.

        A parameter that names an individual takes its slug, CURIE or IRI; a concept is also found
        by its name, and then stands for every concept of that name.

        :raises ParameterError: if a parameter is unknown, of the wrong type or names nothing
        """
        kinds = {parameter.name: parameter.kind for parameter in self.header.parameters}
        terms: dict[str, list[Term]] = {}
        for name, given in parameters.items():
            if name not in kinds:
                known = ", ".join(kinds) or "none"
                raise ParameterError(
                    f"{self.name} has no parameter {name!r}{_nearest(name, list(kinds))}"
                    f" (parameters: {known})"
                )
            values = [given] if isinstance(given, str | int) else list(given)
            terms[name] = [t for value in values for t in _terms(store, name, kinds[name], value)]
        return bind(self.text, {**terms, **_branches(store, self.text, terms)})

    def concepts(
        self, store: Store, parameters: Mapping[str, Value | Sequence[Value]]
    ) -> Iterator[tuple[str, list[str]]]:
        """Yield each name among the parameters that stands for concepts, with what was found.

        A CURIE, an IRI and a value of another kind stand for themselves, and are passed over.
        """
        named = {p.name for p in self.header.parameters if p.kind == "concept"}
        for name, given in parameters.items():
            for value in [given] if isinstance(given, str | int) else given:
                if name in named and ":" not in str(value):
                    yield str(value), [_shown(c.value) for c in find_concepts(store, str(value))]

    def run(self, store: Store, /, **parameters: Value | Sequence[Value]) -> Answer:
        """Ask a store.

        A federated question asks its endpoints too, by the user's settings and through the cache.

        :raises ParameterError: if a parameter does not fit
        :raises EndpointError: if an endpoint of a federated question gives no answer
        """
        query = self.bound(store, parameters)
        if self.header.federated:
            from .outward.federation import answer_by_settings

            return Answer.of(answer_by_settings(store, query))
        solutions = store.query(query)
        if not isinstance(solutions, QuerySolutions):
            raise QuestionError(f"{self.name}.rq is not a SELECT query")
        return Answer.of(solutions)


class Questions(Mapping[str, Question]):
    """Questions by name; an unknown name raises and names the nearest.

    Those that need the network are found by name, and listed only if asked for: who runs every
    question of a listing must not call on other people's servers unawares.
    """

    def __init__(self, *, federated: bool = False) -> None:
        """List the question files that are installed with the package.

        :param federated: list the questions that need the network, instead of the others
        """
        folder = files(__package__)
        local, away = _question_files(folder), _question_files(folder.joinpath("federated"))
        self._known = local | away
        self._paths = away if federated else local

    def __getitem__(self, name: str) -> Question:
        """Return a question.

        :raises UnknownQuestionError: if there is none of this name
        """
        if name not in self._known:
            raise UnknownQuestionError(name, list(self._known))
        return Question(name, self._known[name].read_text(encoding="utf-8"))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, sorted."""
        return iter(self._paths)

    def __len__(self) -> int:
        """Return how many questions there are."""
        return len(self._paths)


def catalogue() -> Questions:
    """Return the catalogue of questions; it lists those that the graph alone can answer."""
    return Questions()


def federated() -> Questions:
    """Return the catalogue of questions that need the network."""
    return Questions(federated=True)


def _question_files(folder: Traversable) -> dict[str, Traversable]:
    return {
        path.name.removesuffix(".rq"): path
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".rq")
    }


def _shown(iri: str) -> str:
    short = contract(iri)
    return compact(iri) if short == iri else short


def _branches(
    store: Store, text: str, terms: Mapping[str, Sequence[Term]]
) -> dict[str, list[Term]]:
    """Return the variables of the branches that are asked for, from the index beside the store.

    A question that says `VALUES ?x { UNDEF }` and `?x ev:within ?concept` is answered without
    walking the branch; without an index, or with no concept given, it is asked as it is written.
    """
    branches: Branches | None = None
    found: dict[str, list[Term]] = {}
    for member, concept in _WITHIN.findall(text):
        if concept in terms and clause(member).search(text):
            branches = branches or Branches.of(store)
            if branches.indexed:
                iris = {iri for c in terms[concept] for iri in branches.variables(c.value)}
                found[member] = [NamedNode(iri) for iri in sorted(iris)]
    return found


def _terms(store: Store, name: str, kind: str, value: Value) -> list[Term]:
    if kind != "concept":
        return [_term(store, name, kind, value)]
    found: list[Term] = [*find_concepts(store, str(value))]
    if not found:
        words = "expected a CURIE, an IRI, a variable or a name; `evikg link` finds candidates"
        raise ParameterError(f"{name}: the graph has no concept {value!r}: {words}")
    return found


def _term(store: Store, name: str, kind: str, value: Value) -> Term:
    if kind in VALUE_KINDS:
        return _literal(name, kind, str(value))
    text = str(value)
    prefix, colon, local = text.partition(":")
    try:
        if text.startswith(("http://", "https://")):
            term = NamedNode(text)
        elif colon and prefix in prefixes():
            term = NamedNode(prefixes()[prefix] + local)
        else:
            term = individual(kind, text)
    except ValueError as error:
        raise ParameterError(f"{name}: {text!r} is no slug, CURIE or IRI") from error
    known = store.query(f"ASK {{ {term} ?p ?o }}")
    if isinstance(known, QueryBoolean) and bool(known):
        return term
    near = _nearest(text, _slugs(store, kind))
    raise ParameterError(f"{name}: the graph has no {kind} {text!r}{near}")


def _literal(name: str, kind: str, text: str) -> Literal:
    if kind == "text":
        return Literal(text)
    try:
        number = int(text) if kind == "integer" else Decimal(text)
        if isinstance(number, Decimal) and not number.is_finite():
            raise ValueError(text)
    except (ValueError, InvalidOperation) as error:
        expected = "a whole number" if kind == "integer" else "a number"
        raise ParameterError(f"{name}: expected {expected}, not {text!r}") from error
    return Literal(str(number), datatype=xsd(kind))


def _slugs(store: Store, kind: str) -> list[str]:
    namespace = prefixes()[kind]
    answer = store.query(
        f'SELECT DISTINCT ?s WHERE {{ ?s a ?type FILTER(STRSTARTS(STR(?s), "{namespace}")) }}'
    )
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return [row[0].value.removeprefix(namespace) for row in answer if isinstance(row[0], NamedNode)]


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 3, 0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""
