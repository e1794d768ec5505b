"""Sessions of boto3 for one account, made anew when their credentials end."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from causely_plugin_aws.config import Account, AwsConfig

_EARLY = timedelta(minutes=5)
"""Before they end, credentials of a role are got anew: a call may be on its way."""

_NAME = "causely"
"""Of sessions of roles, as CloudTrail shows them."""


class Credentials:
    """The clients of one account, for all threads."""

    def __init__(self, config: AwsConfig, account: Account) -> None:
        """Nothing is asked yet."""
        self._config, self._account = config, account
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None
        self._until = datetime.max.replace(tzinfo=UTC)

    def client(self, service: str, region: str) -> Any:
        """boto3's client of a service.

        Raises:
            botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: the role cannot be assumed.
        """
        with self._lock:
            if self._session is None or datetime.now(UTC) >= self._until - _EARLY:
                self.forget()
                self._session = self._made(region)
            if (service, region) not in self._clients:
                self._clients[service, region] = self._client(self._session, service, region)
            return self._clients[service, region]

    def partition(self, region: str) -> str:
        """``aws``, ``aws-cn`` or ``aws-us-gov``; botocore's own files tell."""
        from botocore.session import Session

        return str(Session().get_partition_for_region(region))

    def forget(self) -> None:
        """Make all anew: what is in files, environment and roles may have changed."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients, self._session = {}, None

    def _made(self, region: str) -> Any:
        from boto3 import Session

        own = Session(profile_name=self._config.profile or None)
        if not self._account.role_arn:
            self._until = datetime.max.replace(tzinfo=UTC)
            return own
        more = {"ExternalId": self._account.external_id} if self._account.external_id else {}
        sts = self._client(own, "sts", region)
        try:
            found = sts.assume_role(RoleArn=self._account.role_arn, RoleSessionName=_NAME, **more)["Credentials"]
        finally:
            sts.close()
        self._until = found["Expiration"]
        return Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])

    def _client(self, session: Any, service: str, region: str) -> Any:
        """Of what fails nothing is tried again by botocore, which knows of no quota that is shared."""
        from botocore.config import Config

        config = Config(
            connect_timeout=self._config.timeout,
            read_timeout=self._config.timeout,
            retries={"total_max_attempts": 1},
            max_pool_connections=self._config.concurrency,
            user_agent_extra=_NAME,
            s3={"addressing_style": "path" if self._config.endpoint_url else "auto"},
        )
        url = self._config.endpoints.get(service) or self._config.endpoint_url or None
        return session.client(service, region_name=region, endpoint_url=url, config=config)
