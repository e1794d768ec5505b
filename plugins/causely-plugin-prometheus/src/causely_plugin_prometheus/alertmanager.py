"""Alertmanager, asked for what fires and is neither silenced nor inhibited."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import requests

from causely_plugin_prometheus.access import session_for
from causely_plugin_prometheus.answer import Answer
from causely_plugin_prometheus.bounded import BoundedBody
from causely_plugin_prometheus.errors import QueryError
from causely_plugin_prometheus.failure import failure
from causely_plugin_prometheus.refusal import refusal
from causely_plugin_prometheus.vector import Sample, Vector

if TYPE_CHECKING:
    from causely_plugin_prometheus.config import PrometheusConfig

_BYTES = 8192
"""Of the text of one alert, with what its annotations tell people."""
_ACTIVE = {"active": "true", "silenced": "false", "inhibited": "false", "unprocessed": "false"}


class Alertmanager:
    """Asks again and again; used by one thread."""

    def __init__(self, config: PrometheusConfig) -> None:
        """Prepare to connect; nothing is sent before something is asked."""
        self._config, self._until = config, 0.0
        self._session = session_for(config.alertmanager)
        self._session.hooks["response"].append(self._received)

    def alerts(self) -> Answer:
        """Each alert as a series with its labels.

        Raises:
            QueryError: there is no answer, or it is none that can be used.
        """
        self._until = time.monotonic() + self._config.timeout
        try:
            found = _active(self._asked().json())
        except requests.JSONDecodeError as problem:
            raise QueryError("the answer is not JSON; is the URL that of an Alertmanager?") from problem
        except (requests.RequestException, OSError) as problem:
            raise failure(problem, self._config.timeout) from problem
        except (LookupError, TypeError, AttributeError) as problem:
            raise QueryError("the answer is no list of alerts; is the URL that of an Alertmanager?") from problem
        if len(found) > self._config.max_series:
            raise QueryError(f"more than max_series ({self._config.max_series}): {len(found)} alerts")
        return Answer(found)

    def _asked(self) -> requests.Response:
        settings = self._config.alertmanager
        url = f"{settings.url.rstrip('/')}/api/v2/alerts"
        chosen = {**_ACTIVE, "filter": settings.matchers}
        return self._session.get(url, params=chosen, timeout=self._config.timeout, allow_redirects=False)

    def _received(self, response: requests.Response, **_: Any) -> None:
        """Called by requests before the body is read."""
        response.raw = BoundedBody(response.raw, self._config.max_series * _BYTES, self._until)
        if response.status_code >= 300:
            raise refusal(response)


def _active(alerts: Any) -> Vector:
    return [Sample(dict(each["labels"]), 1.0) for each in alerts if each["status"]["state"] == "active"]
