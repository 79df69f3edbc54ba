"""`evikg pool` and `evikg compare`: results of several studies judged side by side, and pooled."""

import json
import sys
from pathlib import Path

import click

from .common import FORMAT_OPTION, STORE_OPTION, folder_of, out, say, width


def _facets(
    _: click.Context, __: click.Parameter, given: tuple[str, ...]
) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not value:
            raise click.BadParameter(f"expected FACET=VALUE, not {item!r}")
        found.setdefault(name.strip(), set()).add(value.strip())
    return {name: frozenset(values) for name, values in found.items()}


def _values(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals:
            raise click.BadParameter(f"expected NAME=VALUE, not {item!r}")
        found.setdefault(name.strip().replace("-", "_"), []).append(value)
    return found


#: What `--only` and `--by` can name; spelt out, as the table of facets is slow to read for a help.
FACETS = (
    "statistic unit variable drug denominator analysis-set selection time time-origin definition"
    " count-unit grade grade-basis seriousness causality onset-window comparator predictor"
    " adjustment regimen design setting directness"
).split()
_FACETS = f"Facets: {', '.join(FACETS)}."
_TARGET = click.argument("target", nargs=-1, required=True)
_ONLY = click.option(
    "--only", multiple=True, callback=_facets, metavar="FACET=VALUE",
    help=f"Only results that have this value of a facet, as 'grade=any'; may be repeated. {_FACETS}",
)  # fmt: skip
_PARAM = click.option(
    "--param", "parameters", multiple=True, callback=_values, metavar="NAME=VALUE",
    help="Where TARGET is a question: one of its parameters.",
)  # fmt: skip
_EXCLUDE = click.option("--exclude", multiple=True, metavar="RESULT", help="Leave a result out.")


@click.command()
@_TARGET
@_PARAM
@_ONLY
@_EXCLUDE
@STORE_OPTION
def compare(
    target: tuple[str, ...],
    parameters: dict[str, list[str]],
    only: dict[str, frozenset[str]],
    exclude: tuple[str, ...],
    store: str | None,
) -> None:
    """Say why results may or may not stand in one table or one pool.

    TARGET is a question, a variable, a concept, or the names of results. Exit status 1 if something
    bars a pool.
    """
    from evikg.analysis.synthesis.effects import SynthesisError
    from evikg.graph.comparability import candidates
    from evikg.graph.store import open_store
    from evikg.queries.pooling import Request, compared, results_of
    from evikg.queries.pooling.writing import comparison

    request = Request(target, parameters, only, frozenset(exclude))
    opened = open_store(store)
    try:
        selection, assessment = compared(candidates(opened, results_of(opened, request)), request)
    except SynthesisError as error:
        say(f"error: {error}")
        sys.exit(1)
    out(comparison(selection, assessment))
    sys.exit(1 if assessment.bars else 0)


@click.command()
@_TARGET
@_PARAM
@_ONLY
@_EXCLUDE
@click.option("--despite", metavar="REASON", help="Pool although something bars it; recorded.")
@click.option(
    "--model", type=click.Choice(["logistic", "inverse-variance"]),
    help="Random-intercept logistic (the default for frequencies), or inverse variance.",
)  # fmt: skip
@click.option(
    "--scale", type=click.Choice(["logit", "freeman-tukey"]),
    help="Of proportions by inverse variance.  [default: logit]",
)  # fmt: skip
@click.option(
    "--tau2", type=click.Choice(["REML", "DL"]), help="Of inverse variance.  [default: REML]"
)
@click.option(
    "--interval", type=click.Choice(["hartung-knapp", "modified-hartung-knapp", "wald"]),
    help="Of inverse variance.  [default: hartung-knapp]",
)  # fmt: skip
@click.option(
    "--common-effect", is_flag=True, help="Inverse variance with one effect for all: no τ²."
)
@click.option("--level", type=click.FloatRange(50, 99.9), default=95, show_default=True)
@click.option("--by", metavar="FACET", help="Pool subgroups too, by a facet, as regimen.")
@click.option("--leave-one-out", is_flag=True, help="Pool again without each result.")
@click.option("--medians", is_flag=True, help="Pool medians too, which are only described else.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw a forest plot: svg, png, pdf.",
)
@click.option("--record", is_flag=True, help="Keep the pooled result in the graph, as derived.")
@STORE_OPTION
@FORMAT_OPTION
def pool(
    target: tuple[str, ...],
    parameters: dict[str, list[str]],
    only: dict[str, frozenset[str]],
    exclude: tuple[str, ...],
    despite: str | None,
    model: str | None,
    scale: str | None,
    tau2: str | None,
    interval: str | None,
    common_effect: bool,
    level: float,
    by: str | None,
    leave_one_out: bool,
    medians: bool,
    plot: Path | None,
    record: bool,
    store: str | None,
    format_: str,
) -> None:
    """Pool the results of studies, or say why they must not be pooled.

    TARGET is a question, a variable, a concept, or the names of results. Nothing is pooled that
    counts patients twice or puts different things together, unless --despite says why.
    """
    from evikg.analysis.synthesis.effects import SynthesisError
    from evikg.analysis.synthesis.heterogeneity import Tau2
    from evikg.analysis.synthesis.pooling import Interval
    from evikg.analysis.synthesis.scales import Scale
    from evikg.graph.store import open_store
    from evikg.queries import write
    from evikg.queries.pooling import NotComparableError, Request, synthesise
    from evikg.queries.pooling.record import record as record_of
    from evikg.queries.pooling.refusing import refusal, refused
    from evikg.queries.pooling.request import Model
    from evikg.queries.pooling.writing import answer, text

    request = Request(
        target,
        parameters,
        only,
        frozenset(exclude),
        despite=despite,
        model=Model(model) if model else None,
        scale={"logit": Scale.LOGIT, "freeman-tukey": Scale.FREEMAN_TUKEY}.get(scale or ""),
        tau2=Tau2[tau2] if tau2 else None,
        interval=Interval[interval.upper().replace("-", "_")] if interval else None,
        random_effects=not common_effect,
        level=level / 100,
        by=by,
        leave_one_out=leave_one_out,
        pool_medians=medians,
    )
    # What cannot be written is said before anything is pooled, drawn or recorded.
    place = folder_of(store) if record else None
    if plot is not None:
        from evikg.figures import require_place
        from evikg.queries.pooling.picture import draw_forest

        require_place(plot)
    try:
        found = synthesise(open_store(store), request)
        kept = record_of(found) if record else None
    except NotComparableError as error:
        if format_ == "json":
            out(json.dumps(refused(error), ensure_ascii=False, indent=2) + "\n")
        else:
            say(refusal(error))
        sys.exit(1)
    except SynthesisError as error:
        if format_ == "json":
            out(json.dumps({"refused": True, "reasons": [str(error)], "choices": []}) + "\n")
        else:
            say(f"error: {error}")
        sys.exit(1)
    if format_ == "table":
        out(text(found, width=width()))
    else:
        out(write(answer(found, exact=format_ != "md"), format_))
    if plot is not None:
        draw_forest(found, plot)
        say(f"forest plot in {plot}")
    if place is not None and kept is not None:
        from evikg.loaders.build import build
        from evikg.loaders.keeping import evidence_of
        from evikg.queries.examples import examples

        build(
            evidence_of(place), place, lambda step: say(f"{step} …"),
            pooled=[kept], examples=examples(),
        )  # fmt: skip
        say(f"recorded as pooled:{kept.slug}")
        if by is not None or leave_one_out:
            say("subgroups and pools without one result are told here only: they are not recorded")
