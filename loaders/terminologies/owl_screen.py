"""A first look at an RDF/XML file, before it is given to a reasoner's parser.

The whole file is parsed once for being well-formed and safe, and its ontology header is read.
Entities are what editors of ontologies abbreviate namespaces with, as in
`<!ENTITY obo "http://purl.obolibrary.org/obo/">`: those are accepted. An entity that names another
(the bomb of nested entities), one that is longer than any IRI, or one that is fetched from
elsewhere is refused.
"""

from pathlib import Path
from xml.parsers import expat

from evikg.loaders.faults import EvidenceError, Fault

from .headers import Header
from .opening import Progress, opened

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_ONTOLOGY = f"{_OWL}Ontology"
_LONGEST = 500
#: Depth of the elements that describe nodes of the graph, and of what they say, below rdf:RDF.
_NODE, _PREDICATE = 2, 3


def screened(path: Path, progress: Progress) -> Header:
    """Check that a file is well-formed RDF/XML without harmful entities; return its header.

    :raises EvidenceError: with line and column
    """
    screen = _Screen(path)
    with opened(path, progress) as stream:
        try:
            screen.parser.ParseFile(stream)
        except expat.ExpatError as error:
            words = f"is not well-formed XML: {expat.ErrorString(error.code)}"
            if error.code in _CUT:
                words += "; the file is cut: download it again"
            fault = Fault(path, error.lineno, error.offset + 1, "", "", words)
            raise EvidenceError([fault]) from error
    if screen.header is None:
        words = "has no owl:Ontology, which names the ontology and its version"
        raise EvidenceError([Fault(path, 1, 1, "", "", words)])
    return screen.header


_CUT = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


class _Screen:
    """Handlers of one parse."""

    def __init__(self, path: Path) -> None:
        self.header: Header | None = None
        self._path = path
        self._depth = 0
        self._node = Header()
        self._is_ontology = False
        self._predicate = ""
        self._text: list[str] = []
        # Names come as their namespace followed by their local name.
        self.parser = expat.ParserCreate(namespace_separator="")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartElementHandler = self._root

    def _raise(self, value: str, words: str) -> None:
        place = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise EvidenceError([Fault(self._path, *place, "", value, words)])

    def _doctype(self, name: str, system: str | None, public: str | None, _: bool) -> None:
        if system or public:
            words = "is fetched from elsewhere, which is refused: remove it from the DOCTYPE"
            self._raise(system or public or name, words)

    def _entity(
        self, name: str, parameter: bool, value: str | None, _base: str | None,
        system: str | None, _public: str | None, _notation: str | None,
    ) -> None:  # fmt: skip
        if value is None:
            words = "is an external entity, which is refused: remove it from the DOCTYPE"
            self._raise(f"{name} {system or ''}".strip(), words)
        elif parameter:
            self._raise(name, "is a parameter entity, which is refused: remove it from the DOCTYPE")
        elif "&" in value:
            words = "is an entity that names another, which is refused: an entity may hold an IRI"
            self._raise(name, words)
        elif len(value) > _LONGEST:
            words = f"is an entity longer than {_LONGEST} characters, which is refused"
            self._raise(name, words)

    def _root(self, tag: str, _: dict[str, str]) -> None:
        if tag != f"{_RDF}RDF":
            self._raise(tag, f"is the root element; expected RDF/XML, {_RDF}RDF")
        self._depth = 1
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text.append
        self.parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == _NODE:
            self._node = Header(ontology=attributes.get(f"{_RDF}about", ""))
            self._is_ontology = tag == _ONTOLOGY
        elif self._depth == _PREDICATE:
            self._predicate = tag
            self._text.clear()
            self._text.append(attributes.get(f"{_RDF}resource", ""))

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._depth == _PREDICATE - 1:
            value = "".join(self._text).strip()
            if self._predicate == f"{_OWL}versionIRI":
                self._node.version = value
            elif self._predicate == f"{_RDF}type":
                self._is_ontology |= value == _ONTOLOGY
            else:
                self._node.add(self._predicate, value)
        elif self._depth == _NODE - 1 and self._is_ontology:
            self.header = self._node
            # The rest, by far the most, is only looked through for another header.
            self.parser.StartElementHandler = self._second
            self.parser.CharacterDataHandler = None
            self.parser.EndElementHandler = None

    def _second(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ONTOLOGY:
            words = f"is a second ontology after {self._node.ontology}: the file mixes releases"
            self._raise(attributes.get(f"{_RDF}about", ""), words)
