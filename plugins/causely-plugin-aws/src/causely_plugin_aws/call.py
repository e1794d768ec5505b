"""An operation of AWS's API, and the right that it needs."""

from __future__ import annotations

from attrs import frozen


@frozen
class Call:
    """An operation.

    Attributes:
        client: boto3's name of the service.
        method: boto3's name of the operation.
        action: IAM's name of it; empty for one that needs no right.
        items: where an answer has the list that is asked for; empty for an answer that is not paged.
        marks: what asks for the next page, and where an answer has it.
        resources: what IAM may be asked to narrow it down to, as in a policy: most lists cannot be narrowed.
        region: where it is always asked, whatever region is meant; empty for everywhere.
    """

    client: str
    method: str
    action: str
    items: str = ""
    marks: tuple[str, str] = ("NextToken", "NextToken")
    resources: tuple[str, ...] = ("*",)
    region: str = ""
