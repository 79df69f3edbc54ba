"""`evikg reason`: what follows from the definitions, by rules and by the reasoner."""

import click

from .common import STORE_OPTION, out, say


@click.command()
@STORE_OPTION
@click.option(
    "--oracle",
    is_flag=True,
    help="Let the HermiT reasoner infer the same, and compare; it needs Java and takes its time.",
)
@click.pass_context
def reason(context: click.Context, store: str | None, oracle: bool) -> None:
    """List what the rules infer from the graph: class, number of members, rule, source.

    With --oracle the exit status is 1 where the reasoner infers otherwise.
    """
    from evikg.graph.inference import facts, infer_from
    from evikg.graph.store import open_store
    from evikg.ontology import compact

    opened = open_store(store)
    by_rules = infer_from(opened)
    for rule, inferred in by_rules.items():
        out(f"{compact(rule.infers.value)}\t{len(inferred)}\t{rule.name}\t{rule.source}")
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
