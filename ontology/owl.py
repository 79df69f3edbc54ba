"""The vocabulary as OWL, in owlready2: its classes, and a reasoner's word on its consistency."""

import io
import shutil
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize


class ReasonerMissingError(RuntimeError):
    """Reasoning needs Java, and there is none; everything else works without it."""

    def __str__(self) -> str:
        """Return one line that names the remedy."""
        return "reasoning needs Java on the PATH (the HermiT reasoner runs on it)"


#: The vocabulary, and the module of defined classes that imports it.
VOCABULARY, DEFINITIONS = "evikg.ttl", "definitions.ttl"
#: Where owlready2 files what it is given; nothing is fetched from there.
_BASE = "https://w3id.org/evikg/ontology/reasoned"


def vocabulary(*modules: str) -> Iterator[Triple]:
    """Yield the triples of modules, by default of all, but no `owl:imports`.

    The files are read together, so that nothing is fetched.
    """
    imports = NamedNode("http://www.w3.org/2002/07/owl#imports")
    for module in modules or (VOCABULARY, DEFINITIONS):
        turtle = files(__package__).joinpath(module).read_bytes()
        for quad in parse(turtle, RdfFormat.TURTLE):
            if quad.predicate != imports:
                yield quad.triple


def load(triples: Iterable[Triple] | None = None) -> Any:
    """Return an owlready2 world of its own that holds the vocabulary, or other triples.

    owlready2 reads no Turtle, so the triples are handed over as N-Triples.
    """
    import owlready2

    given = vocabulary() if triples is None else triples
    lines = serialize(given, format=RdfFormat.N_TRIPLES)
    world = owlready2.World()
    world.get_ontology(_BASE).load(fileobj=io.BytesIO(lines or b""))
    return world


def reason(world: Any) -> None:
    """Let HermiT classify a world and the individuals in it.

    :raises ReasonerMissingError: if there is no Java
    :raises ValueError: if what the world says is inconsistent
    """
    import owlready2

    if shutil.which("java") is None:
        raise ReasonerMissingError
    try:
        owlready2.sync_reasoner(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise ValueError("the vocabulary, or what is said with it, is inconsistent") from error


def inconsistencies(triples: Iterable[Triple] | None = None) -> list[str]:
    """Let HermiT reason over the vocabulary, or other triples; return its unsatisfiable classes.

    They come as IRIs, sorted: no individual can be a member of one.

    :raises ReasonerMissingError: if there is no Java
    :raises ValueError: if the vocabulary as a whole is inconsistent
    """
    import owlready2

    world = load(triples)
    reason(world)
    return sorted(
        item.iri for item in world.inconsistent_classes() if item is not owlready2.Nothing
    )
