"""OGC API - Features of the atlas: collections, queries, and documents, without any server.

OGC 17-069r4 (Part 1: Core, GeoJSON, HTML, OpenAPI 3.0) and OGC 18-058 (Part 2: CRS by
reference). Read-only.
"""
