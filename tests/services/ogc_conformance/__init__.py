"""The abstract test suites of OGC API - Features, rule by rule, against the real server over HTTP.

OGC 17-069r4, annex A (Core, GeoJSON, HTML, OpenAPI 3.0) and OGC 18-058r1, annex A (CRS by
reference); each test names the rules that it holds. ``ATLAS_OGC=https://NAME/ogc`` checks an
installation that runs already instead of a server of the tests' own.
"""
