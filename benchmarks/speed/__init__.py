"""Measure what a person waits for, beside Streamlit's own floor and the usual ways.

``python -m benchmarks.speed`` serves the atlas and three small apps, works them in turn in one
Chromium, and writes ``benchmarks/speed.json``, ``.md`` and ``.png``.
"""
