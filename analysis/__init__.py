"""Pure statistics on printed numbers: numbers in, numbers out."""
