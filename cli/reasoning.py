"""`evikg reason`: what follows from the definitions, by rules and by the reasoner."""

import shutil

import click

from .common import FORMAT_OPTION, STORE_OPTION, out, say, width

_COLUMNS = ("class", "members", "rule", "source")


@click.command()
@STORE_OPTION
@click.option(
    "--oracle",
    is_flag=True,
    help="Let the HermiT reasoner infer the same, and compare; it needs Java and takes its time.",
)
@FORMAT_OPTION
@click.pass_context
def reason(context: click.Context, store: str | None, oracle: bool, format_: str) -> None:
    """List what the rules infer from the graph: class, number of members, rule, source.

    With --oracle the exit status is 1 where the reasoner infers otherwise.
    """
    from pyoxigraph import Literal

    from evikg.graph.inference import facts, infer_from
    from evikg.graph.store import open_store
    from evikg.ontology import compact
    from evikg.ontology.owl import ReasonerMissingError
    from evikg.queries import Answer, write

    if oracle and shutil.which("java") is None:
        raise click.UsageError(str(ReasonerMissingError()))
    opened = open_store(store)
    by_rules = infer_from(opened)
    rows = tuple(
        (compact(rule.infers.value), str(len(inferred)), rule.name, rule.source)
        for rule, inferred in by_rules.items()
    )
    answer = Answer(_COLUMNS, tuple(tuple(Literal(cell) for cell in row) for row in rows))
    out(write(answer, format_, width=width()))
    if not oracle:
        return
    from evikg.ontology.reasoning import classify

    by_reasoner = classify(facts(opened), lambda step: say(f"{step} …"))
    ruled = {triple for inferred in by_rules.values() for triple in inferred}
    for words, triples in (
        ("only by a rule", ruled - by_reasoner),
        ("only by the reasoner", by_reasoner - ruled),
    ):
        for triple in sorted(triples, key=str):
            subject, cls = (compact(str(term.value)) for term in (triple.subject, triple.object))  # type: ignore[union-attr]
            say(f"{subject} is of {cls} {words}")
    if ruled != by_reasoner:
        context.exit(1)
    say(f"HermiT infers the same {len(by_reasoner)} types")
