"""An Azure of the test's own: it speaks the REST API over HTTPS, and does not answer but to those whom it knows."""

import asyncio
import base64
import ssl
import time
from collections import Counter

import trustme
from aiohttp import web

from .subset import selected

TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
SECRET = "hush"
GRAPH = "/providers/Microsoft.ResourceGraph/resources"


class Azure:
    """Resources, their metrics, and what goes wrong.

    Attributes:
        rows: by tables of Resource Graph.
        things: what is in resources: lists by ``<id of the resource>/queues``, in small letters.
        metrics: by resource in small letters and metric: a number, numbers by values of a dimension, or a function of
            nothing that gives one.
        logs: answers to queries of logs, in turn.
        calls: by API.
        faults: by API: what to answer instead, ``(status, body, headers)``, in turn.
        forbidden: subscriptions.
        allowed: actions that a role allows, in small letters; none for all.
        broken: whether pages after the first fail.
        absent: metrics that a namespace does not have.
        asked: bodies and parameters of requests, by API.
        slow: seconds, by API.
    """

    def __init__(self, folder):
        self.rows, self.things, self.metrics, self.logs = {}, {}, {}, []
        self.calls, self.faults, self.asked, self.slow = Counter(), {}, {}, {}
        self.forbidden, self.absent, self.expiring = set(), set(), 3600
        self.tokens, self.revoked, self.secret, self.claims = {}, set(), SECRET, []
        self.within = []
        self.quota = 15
        self.allowed = None
        self.page, self.broken = 1000, False
        self._folder = folder

    async def start(self):
        authority = trustme.CA()
        self.ca_file = self._folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        app = web.Application(middlewares=[self._middle], client_max_size=2**24)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_post(GRAPH, self._graph)
        app.router.add_post("/{region}/subscriptions/{subscription}/metrics:getBatch", self._metrics)
        app.router.add_post("/v1/workspaces/{workspace}/query", self._logs)
        app.router.add_get("/subscriptions/{rest:.*}", self._list)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.url = f"https://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self):
        await self._runner.cleanup()

    def section(self, *subscriptions, **more):
        """The settings of a mediator that asks here."""
        endpoints = {
            "resource_manager": self.url,
            "metrics": f"{self.url}/{{region}}",
            "logs": self.url,
            "ca_file": str(self.ca_file),
        }
        return {
            "subscriptions": [*subscriptions],
            "credential": {
                "kind": "client_secret",
                "tenant_id": TENANT,
                "client_id": CLIENT,
                "client_secret": SECRET,
                "authority": self.url,
                "instance_discovery": False,
            },
            "endpoints": endpoints,
            "resources_interval": 0.5,
            "values_interval": 0.5,
            "told_every": 0.2,
            "look_up_names": False,
            "health": False,
            "timeout": 10.0,
            **more,
        }

    @web.middleware
    async def _middle(self, request, handler):
        api = _api(request.path)
        self.calls[api] += 1
        self.asked.setdefault(api, []).append(await request.json() if api == "graph" else dict(request.query))
        await asyncio.sleep(self.slow.get(api, 0.0))
        if waiting := self.faults.get(api):
            status, body, headers = waiting.pop(0)
            return web.json_response(body, status=status, headers=headers)
        if api != "token" and (refusal := self._unknown(request)):
            return refusal
        if (action := _ACTIONS.get(api)) and not self._may(action):
            return web.json_response(_error("AuthorizationFailed", f"no right for {action}"), status=403)
        return await handler(request)

    def _may(self, action):
        return self.allowed is None or action.lower() in self.allowed

    def _unknown(self, request):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token in self.tokens and token not in self.revoked:
            return None
        claims = base64.b64encode(b'{"access_token":{"nbf":{"essential":true}}}').decode()
        challenge = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
        body = {"error": {"code": "InvalidAuthenticationToken", "message": "The access token is invalid."}}
        return web.json_response(body, status=401, headers={"WWW-Authenticate": challenge})

    async def _token(self, request):
        form = await request.post()
        known = form.get("client_secret") == self.secret or form.get("client_assertion") == self.secret
        if form.get("client_id") != CLIENT or not known:
            body = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
            return web.json_response(body, status=401)
        self.claims.append(form.get("claims"))
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = form["scope"]
        return web.json_response({"token_type": "Bearer", "expires_in": self.expiring, "access_token": token})

    async def _graph(self, request):
        now = time.monotonic()
        self.within = [at for at in self.within if now - at < 5.0]
        if len(self.within) >= self.quota:
            wait = max(1, round(5.0 - (now - self.within[0])))
            headers = {"Retry-After": str(wait), "x-ms-user-quota-remaining": "0"}
            return web.json_response(_error("RateLimiting", "too many"), status=429, headers=headers)
        self.within.append(now)
        return self._page(await request.json())

    def _page(self, body):
        wanted = [each.lower() for each in body.get("subscriptions") or ()]
        tables = {"resourcecontainers": _subscriptions(wanted), **self.rows}
        asked = {name: rows for name, rows in tables.items() if body["query"].startswith(f"{name} ")}
        readable = {name: [row for row in rows if self._readable(row, wanted)] for name, rows in asked.items()}
        rows = selected(body["query"], readable)
        first = int(body["options"].get("$skipToken") or 0)
        if first and self.broken:
            return web.json_response(_error("InternalServerError", "broken"), status=500)
        top = min(body["options"]["$top"], self.page)
        some = rows[first : first + top]
        answer = {"totalRecords": len(rows), "count": len(some), "data": some, "facets": [], "resultTruncated": "false"}
        if first + top < len(rows):
            answer["$skipToken"] = str(first + top)
        left = self.quota - len(self.within)
        headers = {"x-ms-user-quota-remaining": str(left), "x-ms-user-quota-resets-after": "00:00:05"}
        return web.json_response(answer, headers=headers)

    def _readable(self, row, wanted):
        subscription = row["id"].split("/")[2].lower()
        if not self._may(f"{row['type']}/read"):
            return False
        return subscription not in self.forbidden and (not wanted or subscription in wanted)

    async def _list(self, request):
        parts = request.path.lower()
        if parts.split("/")[2] in self.forbidden:
            return web.json_response(_error("AuthorizationFailed", "no right"), status=403)
        things = self.things.get(parts, [])
        provider, type, _, kind = parts.partition("/providers/")[2].split("/")
        if not self._may(f"{provider}/{type}/{kind}/read"):
            return web.json_response(_error("AuthorizationFailed", "no right"), status=403)
        first = int(request.query.get("$skip", 0))
        answer = {"value": things[first : first + self.page]}
        if first + self.page < len(things):
            answer["nextLink"] = f"{self.url}{request.path}?api-version=2021-11-01&$skip={first + self.page}"
        return web.json_response(answer)

    async def _metrics(self, request):
        if request.match_info["subscription"].lower() in self.forbidden:
            return web.json_response(_error("AuthorizationFailed", "no right"), status=403)
        names = request.query["metricnames"].split(",")
        if absent := self.absent.intersection(names):
            valid = ",".join(sorted({*names} - absent))
            text = f"Failed to find metric configuration for provider, metric: {absent}, Valid metrics: {valid}"
            return web.json_response(_error("BadRequest", text), status=400)
        ids = (await request.json())["resourceids"]
        assert len(ids) <= 50
        assert len(names) <= 20
        gone = [id for id in ids if self.metrics.get(id.lower(), {}).get("gone")]
        if gone:
            return web.json_response(_error("ResourceNotFound", f"{gone[0]} is not found"), status=404)
        return web.json_response({"values": [self._result(id, names, request.query) for id in ids]})

    def _result(self, id, names, query):
        end = time.time() // 60 * 60 - 120
        return {
            "starttime": _iso(end - 300),
            "endtime": _iso(end),
            "interval": query["interval"],
            "namespace": query["metricnamespace"],
            "resourceregion": "test",
            "resourceid": id,
            "value": [self._metric(id, name, query, end) for name in names],
        }

    def _metric(self, id, name, query, end):
        known = self.metrics.get(id.lower(), {}).get(name)
        known = known() if callable(known) else known
        split = query.get("filter", "").partition(" ")[0]
        by = known if isinstance(known, dict) else {"": known}
        lines = [_line(split, value, number, query, end) for value, number in by.items() if number is not None]
        return {
            "id": f"{id}/providers/Microsoft.Insights/metrics/{name}",
            "type": "Microsoft.Insights/metrics",
            "name": {"value": name, "localizedValue": name},
            "unit": "Count",
            "displayDescription": "",
            "errorCode": "Success",
            "timeseries": lines,
        }

    async def _logs(self, request):
        return web.json_response(self.logs.pop(0) if len(self.logs) > 1 else self.logs[0])


_ACTIONS = {
    "graph": "Microsoft.ResourceGraph/resources/read",
    "metrics": "Microsoft.Insights/metrics/read",
    "logs": "Microsoft.OperationalInsights/workspaces/query/read",
}


def _line(split, value, number, query, end):
    described = [{"name": {"value": split.lower(), "localizedValue": split}, "value": value}] if split else []
    wanted = query["aggregation"].lower().split(",")
    data = [{"timeStamp": _iso(end - 60 * ago), **dict.fromkeys(wanted, number)} for ago in (3, 2, 1)]
    return {"metadatavalues": described, "data": [*data, {"timeStamp": _iso(end)}]}


def _api(path):
    kinds = (("/oauth2/", "token"), (GRAPH, "graph"), ("metrics:getBatch", "metrics"), ("/query", "logs"))
    return next((name for part, name in kinds if part in path), "arm")


def _subscriptions(wanted):
    return [{"id": f"/subscriptions/{each}", "type": "microsoft.resources/subscriptions"} for each in wanted]


def _error(code, message):
    return {"error": {"code": code, "message": message}}


def _iso(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
