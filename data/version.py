"""Hold the version of this release: the one place that says it; ``CITATION.cff`` repeats it."""

VERSION = "0.1.0"
