"""Synthesis of one quantity over several studies: numbers in, numbers out.

`effects` holds what studies report, `scales` takes it to the scale of the analysis and back,
`pooling` pools by inverse variance and `logistic` by the likelihood of the counts, `sensitivity`
repeats a pool without a study or within subgroups, `medians` describes medians. Whether studies
may be pooled at all is for the caller to decide.
"""
