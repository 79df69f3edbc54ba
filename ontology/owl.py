"""The vocabulary as OWL, in owlready2: its classes, and a reasoner's word on its consistency."""

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any


class ReasonerMissingError(RuntimeError):
    """Reasoning needs Java, and there is none; everything else works without it."""

    def __str__(self) -> str:
        """Return one line that names the remedy."""
        return "reasoning needs Java on the PATH (the HermiT reasoner runs on it)"


def load() -> Any:
    """Return an owlready2 world of its own that holds the vocabulary.

    owlready2 reads no Turtle, so the packaged file is handed over as N-Triples.
    """
    import owlready2
    import pyoxigraph

    turtle = files(__package__).joinpath("evikg.ttl").read_bytes()
    quads = pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE)
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evikg.nt"
        triples = (quad.triple for quad in quads)
        pyoxigraph.serialize(triples, str(path), format=pyoxigraph.RdfFormat.N_TRIPLES)
        world.get_ontology(path.as_uri()).load()
    return world


def inconsistencies() -> list[str]:
    """Let HermiT reason over the vocabulary; return its unsatisfiable classes, sorted.

    :raises ReasonerMissingError: if there is no Java
    :raises ValueError: if the vocabulary as a whole is inconsistent
    """
    import owlready2

    if shutil.which("java") is None:
        raise ReasonerMissingError
    world = load()
    try:
        owlready2.sync_reasoner(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise ValueError("the vocabulary is inconsistent") from error
    return sorted(str(item.iri) for item in world.inconsistent_classes())
