"""What the designer takes from YAML is what the API takes."""

from __future__ import annotations

import json
import subprocess
import types
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

import renum_app
from renum_app.models.team import TeamWrite
from tests.unit.components.test_execution_scripts import BUN

SHAPE = Path(renum_app.__file__).parent / "components/designer/shape.js"
NOT_IN_YAML = {"user_api_keys", "is_active"}


def accepted(annotation: Any) -> Any:
    """A model's field as the shapes of the browser write it: tables, lists and closed sets of words."""
    if get_origin(annotation) is Annotated:
        return accepted(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return accepted(next(each for each in get_args(annotation) if each is not type(None)))
    if get_origin(annotation) is Literal:
        return {"words": sorted(get_args(annotation))}
    if get_origin(annotation) is list:
        return {"list": accepted(get_args(annotation)[0])}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {name: accepted(field.annotation) for name, field in annotation.model_fields.items()}
        return {"fields": {name: each for name, each in fields.items() if name not in NOT_IN_YAML}}
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {"words": sorted(each.value for each in annotation)}
    return {str: "text", int: "whole", float: "number"}.get(annotation, "any")


def told(shape: Any) -> Any:
    """The browser's shape without what is required, which it asks for more gently."""
    if isinstance(shape, str):
        return shape
    if "words" in shape:
        return {"words": sorted(shape["words"])}
    if "list" in shape:
        return {"list": told(shape["list"])}
    return {"fields": {name: told(each) for name, each in shape["fields"].items()}}


def test_the_shape_that_yaml_is_held_against_is_the_one_of_the_api() -> None:
    code = f"import {{ TEAM }} from {json.dumps(str(SHAPE))}; console.log(JSON.stringify(TEAM))"
    done = subprocess.run([str(BUN), "-e", code], capture_output=True, text=True, check=True, timeout=60)

    assert told(json.loads(done.stdout)) == accepted(TeamWrite)
