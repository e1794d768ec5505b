"""What counts as a failure, seen from each side."""

import pytest

from ..builders import GET, World, client, exception, failure, server

GRPC = {"rpc.system": "grpc", "rpc.service": "shop.Cart", "rpc.method": "Add"}
OLD_CODE, NEW_CODE = "rpc.grpc.status_code", "rpc.response.status_code"
ERROR = failure()
CODES = """OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS
UNAUTHENTICATED""".split()
SERVERS_FAULT = {"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"}


def served(values, **fields):
    world = World.of()
    world.tell("cart", server(values, **fields))
    return world.flush().get("Service:cart", "error_rate")


def called(values, attribute="error_rate", **fields):
    world = World.of()
    world.tell("shop", client({"server.address": "cart.example.com", **values}, **fields))
    return world.flush().get("ExternalService:cart.example.com", attribute)


@pytest.mark.parametrize("key", ["http.response.status_code", "http.status_code"])
@pytest.mark.parametrize(("status", "failed"), [(200, 0), (302, 0), (404, 0), (429, 0), (499, 0), (500, 1), (503, 1)])
def test_http_status(key, status, failed):
    assert served({**GET, key: status}) == failed
    assert called({**GET, key: status}) == failed


def test_a_status_code_may_be_text():
    assert served({**GET, "http.response.status_code": "503"}) == 1


@pytest.mark.parametrize("code", ["", "x", "-1", "9" * 400, "5\u0660\u0660", 1e300, True, ["500"]])
def test_a_status_code_that_is_none_is_passed_over(code):
    assert served({**GET, "http.response.status_code": code}) == 0


def test_a_4xx_is_not_the_callees_fault_although_the_client_says_error():
    assert called({**GET, "http.response.status_code": 404, "error.type": "404"}, status=ERROR) == 0


def test_status_error_without_an_answer_is_a_failure():
    assert called(GET, status=ERROR) == 1
    assert served(GET, status=ERROR) == 1


def test_a_server_that_says_error_failed_whatever_its_http_status():
    assert served({**GET, "http.response.status_code": 200}, status=ERROR) == 1


@pytest.mark.parametrize(("number", "name"), list(enumerate(CODES)), ids=CODES)
def test_grpc_codes(number, name):
    for code in ({OLD_CODE: number}, {NEW_CODE: name}, {NEW_CODE: str(number)}):
        assert served({**GRPC, **code}) == (name in SERVERS_FAULT)
        assert called({**GRPC, **code}, status=ERROR if number else None) == (name in SERVERS_FAULT)


def test_a_connect_code_is_lower_case():
    assert called({**GRPC, "rpc.connect_rpc.error_code": "unavailable"}, "unreachable_rate", status=ERROR) == 1


def test_grpc_unavailable_is_unreachable_and_internal_is_an_answer():
    assert called({**GRPC, OLD_CODE: 14}, "unreachable_rate", status=ERROR) == 1
    assert called({**GRPC, OLD_CODE: 13}, "unreachable_rate", status=ERROR) == 0
    assert called({**GRPC, OLD_CODE: 4}, "unreachable_rate", status=failure("deadline exceeded")) == 0


@pytest.mark.parametrize(
    ("type", "message"),
    [
        ("java.net.ConnectException", "Connection refused"),
        ("requests.exceptions.ConnectionError", "Failed to establish a new connection"),
        ("java.net.UnknownHostException", "cart"),
        ("Error", "connect ECONNREFUSED 10.0.0.1:80"),
        ("Error", "getaddrinfo ENOTFOUND cart"),
        ("socket.gaierror", "Temporary failure in name resolution"),
        ("OperationalError", "could not connect to server"),
        ("httpx.ConnectTimeout", ""),
        ("Error", "socket hang up"),
        ("", "read: connection reset by peer"),
    ],
)
def test_an_exception_can_tell_that_nobody_was_there(type, message):
    event = exception(type=type, message=message)
    assert called(GET, "unreachable_rate", status=ERROR, events=[event]) == 1


@pytest.mark.parametrize("message", ["division by zero", "invalid response", "x" * 100_000])
def test_another_exception_is_a_failure_with_an_answer(message):
    event = exception(type="ValueError", message=message)
    assert called(GET, "unreachable_rate", status=ERROR, events=[event]) == 0
    assert called(GET, status=ERROR, events=[event]) == 1


def test_an_exception_that_was_handled_is_no_failure():
    assert called(GET, events=[exception(type="ConnectionError", message="refused")]) == 0


def test_an_answer_with_a_status_was_reachable_whatever_the_message():
    answered = {**GET, "http.response.status_code": 502}
    assert called(answered, "unreachable_rate", status=failure("upstream connection refused")) == 0
