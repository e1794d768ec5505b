"""The services that the plugin knows: apart from what they do, so that settings are checked without an SDK."""

from __future__ import annotations

SERVICES = {
    "apigateway": "apigateway",
    "dynamodb": "dynamodb",
    "ebs": "ebs",
    "ec2": "ec2",
    "eks": "eks",
    "elasticache": "elasticache",
    "elbv2": "elbv2",
    "health": "health",
    "lambda": "awslambda",
    "msk": "msk",
    "nat": "nat",
    "quotas": "quotas",
    "rds": "rds",
    "s3": "s3",
    "sns": "sns",
    "sqs": "sqs",
}
"""Each name with the module of this package whose ``SERVICE`` it is."""
