"""What moto does not know: Health, Performance Insights, quotas with their use, limits of Lambda, brokers of Kafka."""

import json
import re

from attrs import define, field

from .replies import found


@define
class Lacking:
    """Their answers.

    Attributes:
        issues: events of Health.
        affected: ARNs of what they are of.
        quotas: of Service Quotas, by the service's code.
        loads: metrics of Performance Insights.
        concurrency: of all functions together.
        insights: whether databases have Performance Insights.
        address: of all databases; empty for moto's.
        status: of all databases.
        failover: whether databases have failed over.
    """

    issues: list = field(factory=list)
    affected: list = field(factory=list)
    quotas: dict = field(factory=dict)
    loads: list = field(factory=list)
    concurrency: int = 1000
    insights: bool = False
    address: str = ""
    status: str = "available"
    failover: bool = False

    def answer(self, seen):
        """The answer to a call that moto does not know, none to any other."""
        match seen.service, seen.operation:
            case "health", "DescribeEvents":
                return found(events=self.issues)
            case "health", "DescribeAffectedEntities":
                return found(entities=[{"entityValue": arn, "statusCode": "IMPAIRED"} for arn in self.affected])
            case "servicequotas", "ListServiceQuotas":
                return found(Quotas=self.quotas.get(json.loads(seen.body)["ServiceCode"], []))
            case "pi", "GetResourceMetrics":
                return found(MetricList=self.loads)
            case "lambda", operation if "account-settings" in operation:
                return found(AccountLimit={"ConcurrentExecutions": self.concurrency})
            case "kafka", operation if operation.endswith("/bootstrap-brokers"):
                return found(bootstrapBrokerStringTls="b-1.events.kafka.test:9094,b-2.events.kafka.test:9094")
        return None

    def amended(self, seen, body):
        """What moto says, with what it leaves out: its clusters of Kafka never become active."""
        if seen.operation == "DescribeDBInstances":
            return self._databases(body)
        if seen.service == "rds" and seen.operation == "DescribeEvents" and self.failover:
            return body.replace(b"creation", b"failover")
        return body.replace(b'"CREATING"', b'"ACTIVE"') if seen.service == "kafka" else body

    def _databases(self, body):
        if self.address:
            body = re.sub(rb"(?<=<Address>)[^<]+", self.address.encode(), body)
        enabled = b"<PerformanceInsightsEnabled>true</PerformanceInsightsEnabled>" if self.insights else b""
        body = re.sub(rb"(?<=<DBInstanceStatus>)[^<]+", self.status.encode(), body)
        return body.replace(b"</DBInstance>", enabled + b"</DBInstance>")
