"""Tools for language models (Model Context Protocol): answers with their denominators and limits."""
