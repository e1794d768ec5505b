"""Settings that are wrong are told of before anything starts."""

import pytest
from causely_plugin_aws import Account, AwsConfig

from causely_core.config import structure
from causely_core.errors import ConfigError

ROLE = "arn:aws:iam::210987654321:role/causely"


def test_nothing_needs_to_be_set():
    assert structure({}, AwsConfig, "plugins.aws").places() == []


def test_an_account_has_regions_of_its_own_or_those_of_all():
    given = {"regions": ["eu-west-1"], "accounts": [{}, {"role_arn": ROLE, "regions": ["us-east-1", "us-gov-west-1"]}]}
    found = structure(given, AwsConfig, "plugins.aws").places()
    assert [region for _, region in found] == ["eu-west-1", "us-east-1", "us-gov-west-1"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"regions": ["Ireland"]}, "regions: expected regions such as eu-west-1, found 'Ireland'"),
        ({"accounts": []}, "accounts"),
        (
            {"accounts": [{"role_arn": "causely"}]},
            "role_arn: expected arn:aws:iam::<account>:role/<name>, found 'causely'",
        ),
        ({"accounts": [{"external_id": "x"}]}, "external_id: expected a role_arn with it"),
        ({"services": ["rds", "rsd"]}, "services: expected some of"),
        ({"endpoint_url": "localhost"}, "endpoint_url: expected http://host:port"),
        ({"endpoints": {"sqs": "localhost"}}, "endpoints: expected http://host:port"),
        ({"values_interval": 0}, "values_interval"),
        ({"repeat": 60}, "repeat"),
        ({"region": "eu-west-1"}, "unknown key region"),
    ],
)
def test_what_is_wrong_is_one_line(settings, said):
    with pytest.raises(ConfigError) as found:
        structure(settings, AwsConfig, "plugins.aws")
    (line,) = found.value.lines
    assert said in line
    assert line.startswith("plugins.aws")


def test_secrets_are_not_shown():
    assert "hush" not in repr(Account(role_arn=ROLE, external_id="hush"))
