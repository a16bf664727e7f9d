"""What the paths of `/api/v1/openapi.json` are made of."""

from typing import Any, Final

from monitor.web.errors import JSON

ERROR: Final = {"$ref": "#/components/schemas/Error"}
IDENTITY: Final = {"name": "identity", "in": "path", "required": True, "schema": {"type": "string"}}


def json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of JSON."""
    return {"description": description, "content": {JSON: {"schema": schema}}}


def text(description: str, mimetype: str) -> dict[str, Any]:
    """Return an answer of text."""
    return {"description": description, "content": {mimetype: {"schema": {"type": "string"}}}}


def query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter of the query."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def get(summary: str, responses: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    """Return an operation that reads."""
    refusals = {"400": json("The request breaks a rule", ERROR), "401": json("Needs the token", ERROR)}
    operation: dict[str, Any] = {"summary": summary, "responses": refusals | responses}
    if parameters:
        operation["parameters"] = list(parameters)
    return {"get": operation}


def write(
    method: str,
    summary: str,
    responses: dict[str, Any],
    fields: dict[str, Any],
    required: list[str],
    *parameters: dict[str, Any],
) -> dict[str, Any]:
    """Return an operation that changes something; `fields` are those of its body."""
    [operation] = get(summary, responses, *parameters).values()
    if fields:
        schema = {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
        operation["requestBody"] = {"content": {JSON: {"schema": schema}}}
    return {method: operation}


def whole(least: int, most: int, default: int) -> dict[str, Any]:
    """Return the schema of a whole number."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def words(most: int) -> dict[str, Any]:
    """Return the schema of a text."""
    return {"type": "string", "maxLength": most}
