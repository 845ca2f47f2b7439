"""Write JSON Schemas of the TOML files, so that editors complete and check them.

Run ``python -m data.authoring.json_schema`` after a change of ``data/model.py``.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from data.model import Indicators, Plan, ProvinceSettings

SCHEMAS_FOLDER = Path(__file__).parents[1] / "schemas"
_MODELS: dict[str, type[BaseModel]] = {
    "plan": Plan,
    "province": ProvinceSettings,
    "indicators": Indicators,
}


def schema_files() -> dict[Path, str]:
    """Return each schema file with what it must hold: JSON Schema, draft 2020-12."""
    return {SCHEMAS_FOLDER / f"{name}.schema.json": _text(model) for name, model in _MODELS.items()}


def _text(model: type[BaseModel]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= model.model_json_schema(by_alias=True)
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the files."""
    SCHEMAS_FOLDER.mkdir(exist_ok=True)
    for path, text in schema_files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
