"""Benchmark of the evidence graph: a generator, ten queries, and one command that compares engines."""
