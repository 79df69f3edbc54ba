"""What every worker needs, imported once by the process that workers are forked from."""

import jinja2  # noqa: F401

from evikg.graph import embedded, remote  # noqa: F401

from . import rendering, routes, worker  # noqa: F401
