"""Take out of an office file what tells of its old contents: pictures of them, titles, counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml

_KEPT = ("Application", "AppVersion", "Company", "PresentationFormat")
"""The properties of the program that stay: the others count and name what was in the file."""

_PROPERTIES = "/extended-properties"
THUMBNAIL, CUSTOM_PROPERTIES = "/thumbnail", "/custom-properties"


def forget_contents(relations: Any, dropped: Iterable[str] = (THUMBNAIL,)) -> None:
    """Drop what the relations of a package lead to, and what its properties say of its contents."""
    for name, relation in [*relations.items()]:
        if relation.is_external:
            continue
        if relation.reltype.endswith(tuple(dropped)):
            relations.pop(name)
        elif relation.reltype.endswith(_PROPERTIES):
            _keep_few(relation.target_part)


def _keep_few(part: Any) -> None:
    properties = parse_xml(part.blob)
    for element in [*properties]:
        if str(element.tag).rpartition("}")[2] not in _KEPT:
            properties.remove(element)
    part._blob = serialize_part_xml(properties)
