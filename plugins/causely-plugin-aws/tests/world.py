"""Resources of AWS, made as people make them."""

import time
import urllib.request
from datetime import UTC, datetime

import boto3
from moto.cloudwatch.models import cloudwatch_backends

REGION = "eu-west-1"
ACCOUNT = "123456789012"
PASSWORD = "for-tests-only"


def key(service, name):
    return f"aws/{ACCOUNT}/{REGION}/{service}/{name}"


class World:
    """moto, to make things in."""

    def __init__(self, url):
        self.url, self.ids, self.endpoint = url, {}, ""

    def client(self, service, region=REGION, credentials=None):
        """Of boto3; with the credentials of a role, of the role's account."""
        given = credentials or {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": None}
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", method="POST")).close()

    def forget_metrics(self):
        """Of CloudWatch, which is in this process and has no call for it."""
        cloudwatch_backends[ACCOUNT][REGION].metric_data = []

    def enforce(self, after):
        """Refuse what no policy allows, after so many more calls."""
        text = {"Content-Type": "text/plain"}
        url = f"{self.url}/moto-api/reset-auth"
        urllib.request.urlopen(urllib.request.Request(url, str(after).encode(), text)).close()

    def measure(self, namespace, metric, dimensions, *values, end=None):
        """Data points, one a minute, the newest a minute before ``end``."""
        end = (end or time.time()) // 60 * 60
        named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
        self.client("cloudwatch").put_metric_data(
            Namespace=namespace,
            MetricData=[
                {
                    "MetricName": metric,
                    "Dimensions": named,
                    "Timestamp": datetime.fromtimestamp(end - 60 * (len(values) - index), UTC),
                    "Value": value,
                }
                for index, value in enumerate(values)
            ],
        )

    def database(self, name="orders", engine="postgres", **more):
        given = {"DBInstanceClass": "db.m5.large", "AllocatedStorage": 100, **more}
        client = self.client("rds")
        made = client.create_db_instance(
            DBInstanceIdentifier=name, Engine=engine, MasterUsername="u", MasterUserPassword=PASSWORD, **given
        )["DBInstance"]
        self.endpoint = made["Endpoint"]["Address"]
        return made

    def queue(self, name="orders"):
        return self.client("sqs").create_queue(QueueName=name)["QueueUrl"]
