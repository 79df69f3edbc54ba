"""The command line of EviKG.

Results go to stdout and words to stderr. Exit status: 0 done, 1 the data is at fault, 2 the usage
is at fault.
"""

import sys

import click

from evikg.graph.errors import GraphError

from .asking import ask, questions, sparql
from .common import say
from .ctgov import ctgov
from .discrepancies import discrepancies
from .evidence import build, check, schema, verify
from .exploring import explore, path_
from .exporting import export
from .faers import faers
from .linking import link
from .lookup import lookup
from .mcp import mcp_
from .networks import network_, similar
from .pooling import compare, pool
from .pubtator import pubtator
from .reasoning import reason
from .release import diff, release
from .results import explain_, results
from .serving import serve
from .signals import signals_
from .survival import survival
from .terminologies import load, slice_
from .tree import tree_
from .upload import upload


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evikg")
def cli() -> None:
    """Ask questions across clinical studies, and follow every number to its cell.

    `evikg build` makes the graph, `evikg questions` lists what can be asked, `evikg ask NAME` asks.
    """


load.add_command(pubtator)
load.add_command(ctgov)
load.add_command(faers)
for _command in (
    build, questions, ask, sparql, results, explain_, check, verify, schema,
    load, slice_, tree_, link, lookup, reason, explore, path_, similar, network_,
    discrepancies, compare, pool, survival, signals_, release, diff, upload, export, serve, mcp_,
):  # fmt: skip
    cli.add_command(_command)


def main() -> None:
    """Run the command line; an error is one line on stderr, never a traceback."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        say("interrupted")
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        # The reader has closed the pipe, as `head` does: that is no error.
        sys.stderr.close()
        sys.exit(0)
    except ImportError as error:
        say(f"error: {_missing(error)}")
        sys.exit(2)
    except (GraphError, LookupError, OSError, RuntimeError) as error:
        say(f"error: {error}")
        sys.exit(2)
    except ValueError as error:
        sys.exit(_value_error(error))


#: Modules that an extra of the package installs.
_EXTRAS = {
    "bioc": "pubtator",
    "duckdb": "faers",
    "ibis": "faers",
    "defusedxml": "terminologies",
    "fastobo": "terminologies",
    "ijson": "terminologies",
    "pandas": "pandas",
    "polars": "polars",
    "pyarrow": "arrow",
    "rapidfuzz": "link",
    "lifelines": "survival",
    "matplotlib": "plot",
    "numpy": "synthesis",
    "scipy": "synthesis",
    "statsmodels": "synthesis",
    "httptools": "serve",
    "jinja2": "serve",
    "mcp": "mcp",
    "starlette": "serve",
    "uvicorn": "serve",
    "backports": "terminologies",
}


def _missing(error: ImportError) -> str:
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return str(error)
    module = error.name.partition(".")[0]
    extra = _EXTRAS.get(module)
    remedy = f"; pip install 'evikg[{extra}]'" if extra else ""
    return f"this needs the module {module}{remedy}"


def _value_error(error: ValueError) -> int:
    from evikg.graph.closure import CyclicHierarchyError
    from evikg.loaders.faults import EvidenceError

    if isinstance(error, EvidenceError):
        for fault in error.faults:
            say(str(fault))
        say(f"{len(error.faults)} fault(s); nothing was changed")
        return 1
    say(f"error: {error}")
    return 1 if isinstance(error, CyclicHierarchyError) else 2
