"""PubTator text: articles as `id|t|title` and `id|a|abstract`, and an annotation a line.

The format is that of the PubTator export and of the BioCreative V CDR corpus: columns are
separated by tabs (document, start, end, text, type, identifier and, for a span that names several
things, those things), offsets are characters of the title, a line end and the abstract.
Lines of four or five columns are relations, and are passed over.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .articles import Annotation, Article, misplaced
from .faults import WEB_PAGE, EvidenceError, Fault, is_web_page, not_utf8
from .terminologies.opening import opened

_PASSAGE = re.compile(r"(?P<document>[^|\t]+)\|(?P<kind>[ta])\|(?P<text>.*)", re.DOTALL)
_KINDS = {"t": "title", "a": "abstract"}
_RELATIONS = (4, 5)
_ANNOTATIONS = (6, 7)


def read_pubtator(path: Path, annotator: str = "") -> list[Article]:
    """Read a file of PubTator text, plain, gzip or zstd.

    :param annotator: who made the annotations; the name of the file if not given
    :raises EvidenceError: with every fault of the file
    """
    reader = _Reader(path, annotator or path.name.partition(".")[0])
    with opened(path) as stream:
        for number, line in enumerate(_lines(path, stream), 1):
            reader.take(number, line)
    reader.finish()
    if not reader.articles and not reader.faults:
        reader.fault(0, 0, "", "", "holds no article; expected lines as `123|t|Title`")
    if reader.faults:
        raise EvidenceError(reader.faults)
    return reader.articles


def _lines(path: Path, stream: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(stream, 1):
        if number == 1 and is_web_page(line):
            raise EvidenceError([Fault(path, 1, 1, "", "", WEB_PAGE)])
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            byte = line[error.start]
            raise EvidenceError([not_utf8(path, number, error.start + 1, byte)]) from error
        yield text.rstrip("\r\n")


class _Reader:
    """Takes lines, and holds the articles and the faults found so far."""

    def __init__(self, path: Path, annotator: str) -> None:
        self.path = path
        self.annotator = annotator
        self.articles: list[Article] = []
        self.faults: list[Fault] = []
        self._ids: dict[str, int] = {}
        self._article: Article | None = None
        self._waiting: list[tuple[int, list[str]]] = []

    def fault(self, line: int, column: int, field: str, value: str, expected: str) -> None:
        self.faults.append(Fault(self.path, line, column, field, value, expected))

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            self.finish()
        elif match := _PASSAGE.fullmatch(line):
            self._passage(number, match["document"], _KINDS[match["kind"]], match["text"])
        else:
            self._row(number, line.split("\t"))

    def _passage(self, number: int, document: str, kind: str, text: str) -> None:
        if kind == "title":
            self.finish()
            self._article = Article(document, self.annotator)
            if document in self._ids:
                words = f"is there already, in line {self._ids[document]}"
                self.fault(number, 1, "document", document, words)
            self._ids.setdefault(document, number)
            self.articles.append(self._article)
        elif self._article is None or self._article.document != document:
            words = f"expected a line `{document}|t|…` with the title before the abstract"
            self.fault(number, 1, "document", document, words)
            self.finish()
            self._article = Article(document, self.annotator, [(0, "", "title")])
        article = self._article
        if any(known == kind for _, _, known in article.passages) and kind == "abstract":
            self.fault(number, 1, "document", document, "has a second abstract")
            return
        offset = sum(len(passage) + 1 for _, passage, _ in article.passages)
        article.passages.append((offset, text, kind))

    def _row(self, number: int, columns: list[str]) -> None:
        if len(columns) in _RELATIONS and not columns[1].isdecimal():
            return
        if len(columns) not in _ANNOTATIONS:
            words = f"expected 6 or 7 columns between tabs, or 4 for a relation, not {len(columns)}"
            self.fault(number, 1, "", columns[0], words)
        elif self._article is None:
            words = f"expected a line `{columns[0]}|t|…` with the title before its annotations"
            self.fault(number, 1, "document", columns[0], words)
        elif columns[0] != self._article.document:
            words = f"expected the document of the lines above, {self._article.document!r}"
            self.fault(number, 1, "document", columns[0], words)
        else:
            self._waiting.append((number, columns))

    def finish(self) -> None:
        """Check the annotations of the article that ends, now that its text is known."""
        article, rows = self._article, self._waiting
        self._article, self._waiting = None, []
        if article is None:
            return
        for number, columns in rows:
            _, start, end, text, kind, identifier = columns[:6]
            if not (start.isdecimal() and end.isdecimal()):
                words = "start and end are whole numbers"
                self.fault(number, 2, "offset", f"{start}-{end}", words)
                continue
            parts = tuple(columns[6].split("|")) if len(columns) == _ANNOTATIONS[1] else ()
            annotation = Annotation(int(start), int(end), text, kind, identifier, parts=parts)
            if wrong := misplaced(article, annotation):
                self.fault(number, 4, "text", text, wrong)
            elif not kind:
                self.fault(number, 5, "type", "", "is empty; expected a type such as Disease")
            else:
                article.annotations.append(annotation)
