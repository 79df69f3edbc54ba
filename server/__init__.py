"""The server: SPARQL endpoint, questions, pages, graph explorer and tools for language models."""
