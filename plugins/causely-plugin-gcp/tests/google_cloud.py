"""A Google Cloud of a test's own: tokens and assets over HTTP, Cloud Monitoring over gRPC, all on this machine."""

import json
import secrets
import ssl
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import grpc
from attrs import define, field
from google.cloud.monitoring_v3 import ListTimeSeriesRequest, ListTimeSeriesResponse, Point, TimeSeries
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

REDUCED = {"REDUCE_SUM": sum, "REDUCE_MAX": max, "REDUCE_MIN": min, "REDUCE_PERCENTILE_95": max}
HOST = "127.0.0.1"


@define
class Metric:
    """Series of one resource: its labels by ``resource.x`` and ``metric.x``, and its values, the newest first."""

    labels: dict
    values: list
    late: int = 60


@define
class GoogleCloud:
    """What there is, who may ask, and what was asked."""

    assets: dict = field(factory=lambda: defaultdict(list))
    metrics: dict = field(factory=lambda: defaultdict(list))
    tokens: set = field(factory=set)
    asked: Counter = field(factory=Counter)
    requests: list = field(factory=list)
    methods: set = field(factory=set)
    lifetime: int = 3600
    page: int = 1000
    series_page: int = 100_000
    refusals: dict = field(factory=dict)
    health: dict = field(factory=dict)
    execution_errors: dict = field(factory=dict)
    held: threading.Event = field(factory=threading.Event)
    _stops: list = field(factory=list)
    url: str = ""
    monitoring: str = ""

    def add(self, type, path, data, location="global", project="shop-prod", **more):
        """Tell of an asset, by its path below its project, unless that is told in full."""
        host = type.partition("/")[0].replace("sqladmin", "cloudsql").replace("bigtableadmin", "bigtable")
        name = path if path.startswith("//") else f"//{host}/projects/{project}/{path}"
        resource = {"location": location, "data": data}
        ancestors = ["projects/123456", "organizations/1"]
        self.assets[project].append(
            {"name": name, "assetType": type, "ancestors": ancestors, "resource": resource, **more}
        )
        return name

    def measure(self, type, values, project="shop-prod", late=60, **labels):
        """Tell a series: ``resource__database_id="shop-prod:orders"``."""
        named = {name.replace("__", "."): value for name, value in labels.items()}
        self.metrics[project, type].append(Metric(named, values if isinstance(values, list) else [values] * 5, late))

    def refuse(self, about, code, times=1, retry=None, said=""):
        """Refuse what is asked about a project or a metric's type, so many times."""
        self.refusals[about] = [code, times, retry, said]

    def refusal(self, *about):
        for each in about:
            waiting = self.refusals.get(each)
            if waiting and waiting[1] > 0:
                waiting[1] -= 1
                return waiting
        return None

    def expire(self):
        """No token is good any more."""
        self.tokens.clear()

    def token(self):
        self.asked["token"] += 1
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return token

    def knows(self, header):
        return (header or "").removeprefix("Bearer ") in self.tokens

    def start(self, certificate=None):
        """Serve, over TLS where there is a certificate of trustme's."""
        server = ThreadingHTTPServer((HOST, 0), type("Handler", (_Handler,), {"cloud": self}))
        scheme = "https" if certificate else "http"
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(tls)
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"{scheme}://{HOST}:{server.server_port}"
        calls = grpc.server(ThreadPoolExecutor(8))
        handler = grpc.unary_unary_rpc_method_handler(
            self._series, ListTimeSeriesRequest.deserialize, ListTimeSeriesResponse.serialize
        )
        calls.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("google.monitoring.v3.MetricService", {"ListTimeSeries": handler}),)
        )
        self.monitoring = f"{scheme}://{HOST}:{self._port(calls, certificate)}"
        calls.start()
        self._stops = [server.shutdown, server.server_close, lambda: calls.stop(None).wait(10)]
        return self

    def _port(self, calls, certificate):
        if certificate is None:
            return calls.add_insecure_port(f"{HOST}:0")
        pair = certificate.private_key_pem.bytes(), certificate.cert_chain_pems[0].bytes()
        return calls.add_secure_port(f"{HOST}:0", grpc.ssl_server_credentials([pair]))

    def stop(self):
        self.held.set()
        for stop in self._stops:
            stop()

    def credentials(self, folder):
        """A file as for workload identity federation: a token of somebody else's is changed for one of Google's."""
        path = folder / "credentials.json"
        path.write_text(
            json.dumps(
                {
                    "type": "external_account",
                    "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
                    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                    "token_url": f"{self.url}/v1/token",
                    "credential_source": {"url": f"{self.url}/subject"},
                }
            )
        )
        return path

    def section(self, folder, **more):
        """Settings that lead here."""
        given = {
            "projects": ["shop-prod"],
            "credentials_file": str(self.credentials(folder)),
            "endpoints": {
                "cloudasset": self.url,
                "compute": self.url,
                "monitoring": self.monitoring,
                "iamcredentials": self.url,
            },
            "interval": 0.5,
            "resources_interval": 0.5,
            "asset_requests": 60_000,
            "monitoring_requests": 60_000,
            "lookup_names": False,
        }
        return given | more

    def _series(self, request, context):
        self.asked["monitoring"] += 1
        self.requests.append(request)
        self.methods.add("monitoring.projects.timeSeries.list")
        type, project = request.filter.split('"')[1], request.name.removeprefix("projects/")
        self.asked[type] += 1
        if not self.knows(dict(context.invocation_metadata()).get("authorization")):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Request had invalid authentication credentials.")
        if refusal := self.refusal(project, type):
            self._abort(context, *refusal)
        found = self._grouped(request, self.metrics[project, type])
        start = int(request.page_token or 0)
        more = start + self.series_page < len(found)
        errors = [Status(code=14, message=said) for said in self.execution_errors.get(type, ())]
        return ListTimeSeriesResponse(
            time_series=found[start : start + self.series_page],
            next_page_token=str(start + self.series_page) if more else "",
            execution_errors=errors,
        )

    def _abort(self, context, code, _, retry, said):
        if code == "hold":
            self.held.wait(60)
            context.abort(grpc.StatusCode.UNAVAILABLE, "held")
        details = [Any()]
        details[0].Pack(RetryInfo(retry_delay=Duration(seconds=retry or 0)))
        status = Status(code=getattr(grpc.StatusCode, code).value[0], message=said, details=details if retry else ())
        context.abort_with_status(rpc_status.to_status(status))

    def _grouped(self, request, metrics):
        wanted = [name.replace(".label.", ".") for name in request.aggregation.group_by_fields]
        groups = defaultdict(list)
        for metric in metrics:
            groups[tuple((name, metric.labels[name]) for name in wanted if name in metric.labels)].append(metric)
        reduce = REDUCED[request.aggregation.cross_series_reducer.name]
        return [self._one(request, dict(labels), metrics, reduce) for labels, metrics in groups.items()]

    def _one(self, request, labels, metrics, reduce):
        series = TimeSeries()
        for name, value in labels.items():
            kind, _, short = name.partition(".")
            getattr(series, kind).labels[short] = value
        end, start = (int(at.timestamp()) for at in (request.interval.end_time, request.interval.start_time))
        for ago, values in enumerate(zip(*(metric.values for metric in metrics), strict=False)):
            at = end - metrics[0].late - 60 * ago
            if at >= start:
                interval = {"end_time": {"seconds": at}, "start_time": {"seconds": at}}
                series.points.append(Point(interval=interval, value={"double_value": float(reduce(values))}))
        return series


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/subject":
            return self._say(200, "the token of a pod", "text/plain")
        if parts.path.startswith("/computeMetadata") or parts.path == "/":
            return self._metadata(parts.path)
        project = parts.path.split("/")[3]
        return self._assets(project, parse_qs(parts.query))

    def _health(self, group):
        self.cloud.asked["health"] += 1
        self.cloud.methods.add("compute.backendServices.getHealth")
        if refusal := self.cloud.refusal("health"):
            return self._say(refusal[0], {"error": {"code": refusal[0], "status": "PERMISSION_DENIED"}})
        states = self.cloud.health.get(group.rpartition("/")[2], [])
        return self._say(200, {"healthStatus": [{"healthState": state} for state in states]})

    def _metadata(self, path):
        account = {"email": "default", "scopes": ["https://www.googleapis.com/auth/cloud-platform"], "aliases": []}
        token = {"access_token": self.cloud.token(), "expires_in": self.cloud.lifetime, "token_type": "Bearer"}
        if path.endswith("/project/project-id"):
            return self._say(200, "shop-prod", "text/plain")
        return self._say(200, token if path.endswith("/token") else account)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path.endswith(":generateAccessToken"):
            self.cloud.asked["impersonated"] += 1
            self.cloud.methods.add("iamcredentials.projects.serviceAccounts.generateAccessToken")
            return self._say(200, {"accessToken": self.cloud.token(), "expireTime": "2099-01-01T00:00:00Z"})
        if self.path.endswith("/getHealth"):
            return self._health(json.loads(body)["group"])
        if refusal := self.cloud.refusal("token"):
            return self._say(refusal[0], {"error": "invalid_grant", "error_description": refusal[3]})
        return self._say(
            200,
            {
                "access_token": self.cloud.token(),
                "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
                "token_type": "Bearer",
                "expires_in": self.cloud.lifetime,
            },
        )

    def _assets(self, project, query):
        cloud = self.cloud
        cloud.asked["cloudasset"] += 1
        cloud.methods.add(f"cloudasset.assets.list {query['contentType'][0]}")
        if not cloud.knows(self.headers.get("Authorization")):
            return self._say(401, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})
        if refusal := cloud.refusal(f"assets/{project}", f"page/{query.get('pageToken', ['0'])[0]}"):
            status, _, retry, said = refusal
            info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{retry}s"}
            names = {429: "RESOURCE_EXHAUSTED", 403: "PERMISSION_DENIED", 503: "UNAVAILABLE"}
            error = {"code": status, "status": names[status], "message": said, "details": [info] if retry else []}
            return self._say(status, {"error": error})
        kinds = set(query["assetTypes"])
        wanted = [each for each in cloud.assets[project] if each["assetType"] in kinds]
        start, size = int(query.get("pageToken", ["0"])[0]), min(int(query["pageSize"][0]), cloud.page)
        answer = {"assets": wanted[start : start + size]}
        if start + size < len(wanted):
            answer["nextPageToken"] = str(start + size)
        return self._say(200, answer)

    def _say(self, status, what, type="application/json"):
        body = what.encode() if isinstance(what, str) else json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Metadata-Flavor", "Google")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
