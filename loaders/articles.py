"""Annotated articles: what the readers of PubTator and BioC files have in common."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from evikg.graph.records import Mention, Source
from evikg.ontology import SourceKind

from .screening.identifiers import split

#: How alike a span and what an annotation says of it must be. PubTator3 writes `a-` for the Greek
#: letter and another hyphen; anything less alike is a span at the wrong place.
ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation as a file has it; offsets are characters of the article, from 0."""

    start: int
    end: int
    text: str
    type: str
    identifier: str
    label: str | None = None
    parts: tuple[str, ...] = ()  # what each identifier names, where the span names several


@dataclass(slots=True)
class Article:
    """An article with its annotations.

    Its passages are (offset, text, kind) with kind as `title` or `abstract`; an offset is the
    number of characters of the article before the passage.
    """

    document: str
    annotator: str
    passages: list[tuple[int, str, str]] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Return the slug of the article as a source, `pmid-…` for a PubMed identifier."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.document.lower()).strip("-")
        return f"pmid-{slug}" if slug.isdigit() else slug

    @property
    def text(self) -> str:
        """Return the text, each passage at its offset, with spaces between."""
        text = ""
        for offset, passage, _ in sorted(self.passages):
            text = text.ljust(offset)[:offset] + passage
        return text

    def source(self) -> Source:
        """Return the article as a source; its title is its first passage."""
        title = self.passages[0][1].strip() if self.passages else ""
        return Source(slug=self.slug, kind=SourceKind.ARTICLE, title=title or self.document)

    def mentions(self) -> Iterator[Mention]:
        """Yield a mention for each identifier of each annotation."""
        text = self.text
        seen: Counter[str] = Counter()
        for annotation in self.annotations:
            identifiers = split(annotation.identifier)
            parts = annotation.parts
            for number, identifier in enumerate(identifiers):
                slug = f"{self.slug}-{annotation.start}-{annotation.end}"
                seen[slug] += 1
                named = len(parts) == len(identifiers) and parts[number]
                yield self._mention(
                    annotation,
                    text[annotation.start : annotation.end],
                    slug=slug if seen[slug] == 1 else f"{slug}-{seen[slug]}",
                    text=(named or annotation.text).strip() or annotation.text,
                    identifier=identifier or None,
                )

    def _mention(
        self, annotation: Annotation, printed: str, *, slug: str, text: str, identifier: str | None
    ) -> Mention:
        number, offset, passage, kind = next(
            (n, o, p, k) for n, (o, p, k) in enumerate(self.passages, 1)
            if o <= annotation.start < o + len(p)
        )  # fmt: skip
        return Mention(
            slug=slug,
            source=self.slug,
            document=self.document,
            annotator=self.annotator,
            type=annotation.type,
            text=text,
            printed=printed,
            identifier=identifier,
            label=annotation.label,
            locator=kind,
            line=number,
            occurrence=passage[: annotation.start - offset].count(printed) + 1,
            start=annotation.start,
            end=annotation.end,
        )


def misplaced(article: Article, annotation: Annotation) -> str:
    """Return what is wrong with the place of an annotation; empty where it is right."""
    for offset, passage, _ in article.passages:
        if offset <= annotation.start <= annotation.end <= offset + len(passage):
            found = passage[annotation.start - offset : annotation.end - offset]
            if not found:
                return "expected a span of one character or more"
            if _alike(found, annotation.text):
                return ""
            return f"at {annotation.start}-{annotation.end} the text has {found!r}"
    length = max((offset + len(passage) for offset, passage, _ in article.passages), default=0)
    place = f"{annotation.start}-{annotation.end}"
    return f"the span {place} is outside every passage; the text has {length} characters"


def texts_of(articles: Iterable[Article]) -> dict[str, str]:
    """Return the running text of articles by document, as the screening takes it."""
    return {article.document: article.text for article in articles}


def _alike(found: str, text: str) -> bool:
    if found.split() == text.split():
        return True
    return SequenceMatcher(None, found.lower(), text.lower(), autojunk=False).ratio() >= ALIKE
