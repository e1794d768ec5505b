"""Answers as AWS gives them."""

import json

from attrs import field, frozen


@frozen
class Reply:
    """An answer of the test's own."""

    status: int
    body: str
    headers: dict[str, str] = field(factory=dict)


def failure(code, status=400, message="told by a test", **headers):
    """An error, for each of AWS's protocols."""
    text = f'{{"__type": "{code}", "message": "{message}", "Code": "{code}"}}'
    return Reply(status, text, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": code, **headers})


def xml_failure(code, status=400, message="told by a test", **headers):
    """An error of the query protocol, which RDS and its age have."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return Reply(
        status,
        f"<ErrorResponse>{error}<RequestId>r</RequestId></ErrorResponse>",
        {"Content-Type": "text/xml", **headers},
    )


def found(**told):
    """What was asked for."""
    return Reply(200, json.dumps(told), {"Content-Type": "application/x-amz-json-1.1"})
