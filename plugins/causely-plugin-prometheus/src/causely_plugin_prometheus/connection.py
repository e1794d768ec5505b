"""One connection to a server that speaks PromQL, used by one thread."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import requests
from prometheus_api_client import PrometheusConnect
from urllib3.util.retry import Retry

from causely_plugin_prometheus.access import session_for
from causely_plugin_prometheus.answer import Answer
from causely_plugin_prometheus.bounded import BoundedBody
from causely_plugin_prometheus.errors import QueryError
from causely_plugin_prometheus.failure import failure
from causely_plugin_prometheus.refusal import refusal
from causely_plugin_prometheus.vector import partial, vector

if TYPE_CHECKING:
    from causely_plugin_prometheus.config import PrometheusConfig

_BYTES = 2048
"""Of the text of one series, with labels at their longest."""


class Connection:
    """Asks one query after another; what fails is not tried again here, for who asks has a schedule."""

    def __init__(self, config: PrometheusConfig) -> None:
        """Prepare to connect; nothing is sent before something is asked."""
        self._config, self._missing, self._until = config, "", 0.0
        session = session_for(config)
        session.hooks["response"].append(self._received)
        self._server = PrometheusConnect(
            config.url.rstrip("/"), retry=Retry(0, redirect=3), session=session, timeout=config.timeout
        )
        self._server.auth = session.auth

    def ask(self, query: str) -> Answer:
        """The instant vector of a PromQL query.

        Raises:
            QueryError: there is no answer, or it is none that can be used.
        """
        self._missing, self._until = "", time.monotonic() + self._config.timeout
        try:
            found = vector(self._server.custom_query(query))
        except requests.JSONDecodeError as problem:
            raise QueryError("the answer is not JSON; is the URL that of a Prometheus server?") from problem
        except (requests.RequestException, OSError) as problem:
            raise failure(problem, self._config.timeout) from problem
        except (LookupError, TypeError, ValueError) as problem:
            raise QueryError("the answer is no instant vector; a mapping needs one value a series") from problem
        if len(found) > self._config.max_series:
            raise QueryError(f"more than max_series ({self._config.max_series}): {len(found)} series")
        return Answer(found, self._missing)

    def names(self) -> Sequence[str]:
        """The names of all metrics that the server has.

        Raises:
            QueryError: it does not tell.
        """
        self._until = time.monotonic() + self._config.timeout
        try:
            return [str(name) for name in self._server.all_metrics()]
        except (requests.RequestException, OSError, LookupError, TypeError, ValueError) as problem:
            raise failure(problem, self._config.timeout) from problem

    def _received(self, response: requests.Response, **_: Any) -> None:
        """Called by requests before the body is read."""
        most = self._config.max_series * _BYTES
        response.raw = BoundedBody(response.raw, most, self._until)
        if response.status_code >= 400:
            raise refusal(response)
        if response.status_code == 200:
            self._missing = partial(response)
