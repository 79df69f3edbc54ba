"""The catalogue of questions as a Markdown page: `python -m evikg.queries.page`."""

import sys
from collections.abc import Iterator

from .catalogue import Question, catalogue

#: Pictures of answers in words, by the kind of the plot.
PICTURES = {
    "forest": "a forest plot",
    "coverage": "a matrix of coverage",
    "signals": "a dot plot of signals",
    "grades": "stacked bars of grades",
    "survival": "survival at the times that are printed",
}


def page() -> str:
    """Return `docs/questions.md`, made from the headers of the question files."""
    questions = catalogue()
    lines = [
        "# Questions",
        "",
        "<!-- Generated from queries/*.rq by `make docs`. -->",
        "",
        f"{len(questions)} questions, each a SPARQL file in `queries/` that runs unchanged in any",
        "endpoint whose default graph is the union of its named graphs. Ask one with",
        "`evikg ask NAME`; parameters take slugs (`--study kr-pms`), and may be repeated.",
        "",
    ]
    lines += [f"- [{name}](#{name}): {q.header.summary}" for name, q in questions.items()]
    for question in questions.values():
        lines += ["", *_section(question)]
    return "\n".join(lines) + "\n"


def _section(question: Question) -> Iterator[str]:
    header = question.header
    yield f"## {question.name}"
    yield ""
    yield f"**{header.summary}** ({', '.join(header.tags)})"
    yield ""
    yield header.description
    yield ""
    if header.parameters:
        yield "| parameter | kind | default | meaning |"
        yield "| --- | --- | --- | --- |"
        for parameter in header.parameters:
            default = f"`{parameter.default}`" if parameter.default else "any"
            yield f"| `--{parameter.name}` | {parameter.kind} | {default} | {parameter.description} |"
        yield ""
    columns = (f"`{column.name}` {column.description}" for column in header.columns)
    yield f"Columns: {'; '.join(columns)}."
    if header.plot is not None:
        yield ""
        yield f"Picture (`--plot FILE.svg`, `.png` or `.pdf`): {PICTURES[header.plot.kind]}."


def main() -> None:
    """Write the page to stdout."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
