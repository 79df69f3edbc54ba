"""Files of annotations: read, screened, and made ready for the graph."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.mapping import to_triples
from evikg.graph.records import Mention, Source
from evikg.ontology import EV, SourceKind, individual, prefixes
from evikg.ontology.curie import contract
from evikg.ontology.term_triples import FULL

from .articles import Article, texts_of
from .bioc import read_bioc
from .faults import EvidenceError, Fault
from .inputs import loaded_inputs
from .pubtator import read_pubtator
from .screening import screen
from .screening.stored import terminologies_of
from .terminologies.opening import opened
from .weaving import ANNOTATIONS, FullRelease

#: The columns of a report, in order.
COLUMNS = (
    "document start end text type identifier label screening identifies flags reasons proposed"
).split()


@dataclass(frozen=True, slots=True)
class AnnotatedSet:
    """A file of annotations: its articles, and their mentions after screening."""

    path: Path
    sha256: str
    articles: tuple[Article, ...]
    mentions: tuple[Mention, ...]

    @property
    def slug(self) -> str:
        """Return the slug of the file as a source, which its named graph has too."""
        stem = self.path.name.partition(".")[0].lower()
        return ANNOTATIONS + re.sub(r"[^a-z0-9]+", "-", stem).strip("-")

    def release(self) -> FullRelease:
        """Return what the store takes; later builds keep it, as it was screened."""
        return FullRelease(
            self.slug,
            self.sha256[:16],
            lambda: iter(dict.fromkeys(self._triples())),
            loaded_inputs(self.slug, [self.path]),
        )

    def _triples(self) -> Iterator[Triple]:
        subject = individual("source", self.slug)
        kind = SourceKind.DATABASE_RELEASE
        held = Source(slug=self.slug, kind=kind, title=self.path.name, text_sha256=self.sha256)
        yield from to_triples(held)
        version = NamedNode(prefixes()["owl"] + "versionInfo")
        yield Triple(subject, version, Literal(self.sha256[:16]))
        yield Triple(subject, EV.extent, Literal(FULL))
        for article in self.articles:
            yield from to_triples(article.source())
        for mention in self.mentions:
            yield from to_triples(mention)


def read_annotations(path: Path, annotator: str = "") -> list[Article]:
    """Read annotated articles from PubTator text, BioC JSON or BioC XML, by what the file holds.

    :raises EvidenceError: with every fault of the file
    """
    with opened(path) as stream:
        head = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")
    reader = read_bioc if head[:1] in (b"{", b"[", b"<") else read_pubtator
    return reader(path, annotator)


def screened_sets(
    paths: Sequence[Path], store: pyoxigraph.Store, annotator: str = ""
) -> list[AnnotatedSet]:
    """Read files of annotations and screen them against the terminologies of a store.

    :raises EvidenceError: with every fault of every file, and if an article stands in two of
        them or in the store already, out of another file, or two files have one name
    """
    faults: list[Fault] = []
    read: list[tuple[Path, list[Article]]] = []
    for path in paths:
        try:
            read.append((path, read_annotations(path, annotator)))
        except EvidenceError as error:
            faults += error.faults
    sets = [
        AnnotatedSet(path, hashlib.sha256(path.read_bytes()).hexdigest(), tuple(articles), ())
        for path, articles in read
    ]
    faults += _doubles(sets, store)
    if faults:
        raise EvidenceError(faults)
    mentions = [mention for s in sets for article in s.articles for mention in article.mentions()]
    texts = texts_of(article for s in sets for article in s.articles)
    terminologies = terminologies_of(mentions, store=store, texts=texts.values())
    found = {m.slug: m for m in screen(mentions, terminologies, texts)}
    return [
        AnnotatedSet(
            s.path,
            s.sha256,
            s.articles,
            tuple(found[m.slug] for article in s.articles for m in article.mentions()),
        )
        for s in sets
    ]


def _doubles(sets: Iterable[AnnotatedSet], store: pyoxigraph.Store) -> Iterator[Fault]:
    home: dict[str, str] = {}
    slugs: dict[str, Path] = {}
    for held in sets:
        if held.slug in slugs:  # both would stand in one graph
            words = f"has the name of {slugs[held.slug]}; rename one, or give it once"
            yield Fault(held.path, 0, 0, "", held.path.name, words)
        slugs[held.slug] = held.path
        for article in held.articles:
            source = individual("source", article.slug)
            graphs = {
                str(getattr(quad.graph_name, "value", ""))
                for quad in store.quads_for_pattern(source, None, None)
            } - {individual("graph", held.slug).value}
            known = home.setdefault(article.slug, held.path.name)
            if graphs:
                place = min(graphs)
            elif known != held.path.name:
                place = known
            else:
                continue
            words = f"stands in {place} already; leave it out of one of them"
            yield Fault(held.path, 0, 0, "document", article.document, words)


def report(mentions: Iterable[Mention]) -> str:
    """Write mentions that did not pass as CSV, one a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for mention in mentions:
        if mention.screening != "passed":
            writer.writerow(_row(mention))
    return text.getvalue()


def _row(m: Mention) -> list[object]:
    return [
        m.document, m.start, m.end, m.text, m.type, m.identifier, m.label, m.screening,
        contract(m.identifies) if m.identifies else "", " | ".join(m.flags),
        " | ".join(m.reasons), " | ".join(map(contract, m.proposed)),
    ]  # fmt: skip


def yields(mentions: Iterable[Mention]) -> list[tuple[str, int, int, str]]:
    """Count what each rule found: rule, mentions, different texts, and an example."""
    counts: Counter[str] = Counter()
    texts: dict[str, Counter[str]] = {}
    for mention in mentions:
        for flag in mention.flags:
            counts[flag] += 1
            shown = f"{mention.text} ({mention.identifier or 'none'})"
            texts.setdefault(flag, Counter())[shown] += 1
    return [
        (flag, count, len(texts[flag]), texts[flag].most_common(1)[0][0])
        for flag, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
