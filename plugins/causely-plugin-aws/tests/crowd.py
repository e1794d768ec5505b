"""Five thousand resources, listed in pages as AWS does."""

import json
from urllib.parse import parse_qs

from attrs import frozen

from .replies import Reply, found
from .world import ACCOUNT, REGION

DATABASES, QUEUES, FUNCTIONS, TABLES, TOPICS = 500, 1500, 1000, 1000, 1000
ALL = DATABASES + QUEUES + FUNCTIONS + TABLES + TOPICS
SERVICES = ["rds", "sqs", "lambda", "dynamodb", "sns"]

LISTED = {
    "DescribeDBInstances": 5,  # 100 a page
    "ListQueues": 2,  # 1000
    "GET /2015-03-31/functions": 20,  # 50
    "ListTables": 10,  # 100
    "ListTopics": 10,  # 100
}
"""How often each list is asked for, by AWS's sizes of pages."""
OTHERS = {
    "DescribeDBClusters": 1,
    "DescribeEvents": 1,
    "DescribeInstanceTypes": 1,
    "GET /2015-03-31/event-source-mappings": 1,
    "GET /2016-08-19/account-settings": 1,
    "ListSubscriptions": 1,
    "GetCallerIdentity": 1,
}

_DATABASE = """<DBInstance><DBInstanceIdentifier>db-{0}</DBInstanceIdentifier>
<DBInstanceClass>db.m5.large</DBInstanceClass>
<Engine>postgres</Engine><DBInstanceStatus>available</DBInstanceStatus><AllocatedStorage>100</AllocatedStorage>
<DbiResourceId>db-R{0}</DbiResourceId><Endpoint><Address>db-{0}.invalid</Address><Port>5432</Port></Endpoint>
<DBInstanceArn>arn:aws:rds:{1}:{2}:db:db-{0}</DBInstanceArn></DBInstance>"""


@frozen
class Page:
    """Some of many.

    Attributes:
        numbers: of those on it.
        next: where the next one begins; empty on the last.
    """

    numbers: range
    next: str


def page(mark, size, many):
    begin = int(mark or 0)
    end = min(begin + size, many)
    return Page(range(begin, end), str(end) if end < many else "")


def answer(seen):
    """The lists of the crowd; all else is moto's."""
    match seen.service, seen.operation:
        case "rds", "DescribeDBInstances":
            return _databases(_form(seen, "Marker"))
        case "sqs", "ListQueues":
            return _queues(json.loads(seen.body).get("NextToken"))
        case "lambda", operation if operation.endswith("/functions"):
            return _functions(seen.query.get("Marker", [""])[0])
        case "dynamodb", "ListTables":
            return _tables(json.loads(seen.body).get("ExclusiveStartTableName", ""))
        case "sns", "ListTopics":
            return _topics(_form(seen, "NextToken"))
        case "monitoring", "GetMetricData":
            return found(MetricDataResults=[])
    return None


def _form(seen, name):
    return parse_qs(seen.body.decode()).get(name, [""])[0]


def _xml(operation, text):
    told = f"<{operation}Response><{operation}Result>{text}</{operation}Result></{operation}Response>"
    return Reply(200, told, {"Content-Type": "text/xml"})


def _databases(mark):
    some = page(mark, 100, DATABASES)
    rows = "".join(_DATABASE.format(number, REGION, ACCOUNT) for number in some.numbers)
    marker = f"<Marker>{some.next}</Marker>" if some.next else ""
    return _xml("DescribeDBInstances", f"<DBInstances>{rows}</DBInstances>{marker}")


def _queues(mark):
    some = page(mark, 1000, QUEUES)
    urls = [f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q-{number}" for number in some.numbers]
    return found(QueueUrls=urls, **({"NextToken": some.next} if some.next else {}))


def _functions(mark):
    some = page(mark, 50, FUNCTIONS)
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
    rows = [{"FunctionName": f"f-{number}", "FunctionArn": f"{arn}f-{number}"} for number in some.numbers]
    return found(Functions=rows, **({"NextMarker": some.next} if some.next else {}))


def _tables(mark):
    some = page(mark.removeprefix("t-") and int(mark.removeprefix("t-")) + 1, 100, TABLES)
    names = [f"t-{number}" for number in some.numbers]
    return found(TableNames=names, **({"LastEvaluatedTableName": names[-1]} if some.next else {}))


def _topics(mark):
    some = page(mark, 100, TOPICS)
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:"
    rows = "".join(f"<member><TopicArn>{arn}s-{number}</TopicArn></member>" for number in some.numbers)
    marker = f"<NextToken>{some.next}</NextToken>" if some.next else ""
    return _xml("ListTopics", f"<Topics>{rows}</Topics>{marker}")
