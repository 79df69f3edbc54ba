"""`evikg survival`: estimates from times of patients, beside what the sources print."""

from pathlib import Path

import click

from .common import EVIDENCE_OPTION, FORMAT_OPTION, STORE_OPTION, out, say, width

#: Step of the time axis, by the unit of the times.
EVERY = {"days": 90.0, "weeks": 13.0, "months": 6.0, "years": 1.0}


@click.command()
@click.argument("source")
@click.option(
    "--at", "times", multiple=True, type=click.FloatRange(min=0), metavar="TIME",
    help="Survival at this time, in the unit of the data; may be repeated.  [default: 12 and 24 months]",
)  # fmt: skip
@click.option("--level", type=click.FloatRange(50, 99.9), default=95, show_default=True)
@click.option(
    "--plot", type=click.Path(path_type=Path),
    help="Draw the curves with the numbers at risk: svg, png or pdf.",
)  # fmt: skip
@EVIDENCE_OPTION
@STORE_OPTION
@FORMAT_OPTION
def survival(
    source: str,
    times: tuple[float, ...],
    level: float,
    plot: Path | None,
    evidence: Path | None,
    store: str | None,
    format_: str,
) -> None:
    """Estimate survival from the times of patients of SOURCE, such as a digitised curve.

    Kaplan-Meier medians and rates, Cox hazard ratio and log-rank test, beside what the sources in
    the graph print of the same study. Estimates of a digitised curve are not the trial's own.
    """
    from evikg.graph.records import Group
    from evikg.graph.store import open_store
    from evikg.loaders.evidence import read_corpus, shipped_evidence
    from evikg.queries import write
    from evikg.queries.survival import beside_printed

    if plot is not None:
        from evikg.figures import require_place

        require_place(plot)
    corpus = read_corpus(evidence or shipped_evidence())
    known = {found.source: found for found in corpus.patients}
    if source not in known:
        names = ", ".join(known) or "none"
        raise click.UsageError(f"no source {source!r} with times of patients (sources: {names})")
    found = known[source]
    declared = corpus.of(Group)
    groups = {declared[slug].label: times for slug, times in found.groups.items()}
    study = next(declared[slug].study for slug in found.groups)
    answer = beside_printed(
        open_store(store),
        groups,
        source=source,
        study=study,
        variable=found.variable,
        unit=found.unit,
        times=times,
        level=level / 100,
    )
    out(write(answer, format_, width=width()))
    if plot is not None:
        from evikg.figures import draw_survival, save
        from evikg.graph.records import Variable
        from evikg.queries.curves import survival_of

        described = next(item for item in corpus.sources if item.slug == source)
        outcome = corpus.of(Variable)[found.variable].label
        arms = {declared[slug].arm or declared[slug].label for slug in found.groups}
        by_arm = {declared[slug].arm or "": times for slug, times in found.groups.items()}
        picture = survival_of(
            by_arm if len(arms) == len(groups) and "" not in by_arm else groups,
            described.title,
            outcome[:1].upper() + outcome[1:],
            found.unit,
            every=EVERY[found.unit],
            notes=[
                f"Source {source}: {described.kind}. These are estimates, not the study's own data."
            ],
        )
        save(draw_survival(picture), plot)
        say(f"picture in {plot}")
