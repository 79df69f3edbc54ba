"""Records of a registry in the graph: kept as they came, joined to studies of the corpus, or apart."""
