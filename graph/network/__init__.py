"""The graph as networks for networkx: projections, paths, neighbourhoods, measures."""
