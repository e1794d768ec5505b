"""HTTP is recorded at the wire and replayed without the server."""

from urllib.parse import parse_qsl

import pytest
import yaml

from causely_core.testing import Answer

pytest_plugins = ["pytester"]

ASKING = """
import httpx

def test_it(golden):
    url = golden.http("mail", "{url}")
    with httpx.Client(base_url=url) as client:
        {calls}
"""


@pytest.fixture
def play(golden_tests, upstream):
    """Runs a test that asks by ``calls``."""

    def run(calls, *options, url=upstream.url):
        return golden_tests(ASKING.format(url=url, calls="\n        ".join(calls.strip().splitlines())), *options)

    return run


@pytest.fixture
def recorded(pytester):
    """The exchanges that were recorded, or the text of their file."""

    def read(whole=False):
        text = (pytester.path / "golden" / "test_it" / "mail.yaml").read_text()
        return text if whole else yaml.safe_load(text)["exchanges"]

    return read


CALLS = """
assert client.get("/stats", params={"b": "2", "a": "1"}).json() == {"waiting": 3}
assert client.post("/find", json={"x": 1, "y": [2]}).text == "found\\n1"
assert client.get("/raw").content == bytes(range(256))
assert client.get("/gone").status_code == 404
"""


@pytest.fixture
def stats(upstream):
    upstream.answer("/stats", {"waiting": 3})
    upstream.answer("/find", "found\n1")
    upstream.answer("/raw", bytes(range(256)))


@pytest.mark.usefixtures("stats")
class TestPlain:
    def test_what_is_recorded_is_replayed_without_the_server(self, play, upstream):
        assert "1 passed" in play(CALLS, "--golden-record")
        asked = upstream.count()
        assert "1 passed" in play(CALLS)
        assert upstream.count() == asked == 4

    def test_the_file_can_be_reviewed(self, play, recorded):
        play(CALLS, "--golden-record")
        first, second, *_ = recorded()
        assert first["request"] == {"method": "GET", "path": "/stats", "query": [["a", "1"], ["b", "2"]]}
        assert first["answer"]["status"] == 200
        assert first["answer"]["json"] == {"waiting": 3}
        assert second["request"]["json"] == {"x": 1, "y": [2]}
        assert "text: |-\n      found\n      1" in recorded(whole=True)

    def test_order_says_nothing_in_queries_and_json(self, play):
        play(CALLS, "--golden-record")
        again = 'assert client.get("/stats?a=1&b=2").json() == {"waiting": 3}\n'
        again += 'assert client.post("/find", json={"y": [2], "x": 1}).is_success'
        assert "1 passed" in play(again)

    @pytest.mark.parametrize(
        "call",
        [
            'client.get("/stats?a=1&b=3")',
            'client.post("/find", json={"x": 1, "y": [3]})',
            'client.put("/find", json={"x": 1, "y": [2]})',
            'client.get("/stat")',
        ],
    )
    def test_what_is_not_recorded_fails_the_test_with_one_line(self, play, call):
        play(CALLS, "--golden-record")
        output = play(f"assert {call}.status_code == 501")
        (line,) = [line for line in output.splitlines() if "is not in" in line and not line.startswith("FAILED")]
        assert "golden/test_it/mail.yaml, which has " in line
        assert line.endswith("to fix: record it anew with the real server: pytest --golden-record")
        assert "1 failed" in output

    def test_what_is_missing_is_told_before_what_it_made_fail(self, play):
        play(CALLS, "--golden-record")
        output = play('client.get("/other").raise_for_status()')
        assert "GET /other is not in " in output
        assert "HTTPStatusError" not in output

    def test_a_test_that_fails_records_nothing(self, play, pytester):
        assert "1 failed" in play(f"{CALLS}\nassert False", "--golden-record")
        assert not (pytester.path / "golden").exists()

    def test_without_a_recording_the_author_is_told_how_to_make_one(self, play):
        output = play(CALLS)
        assert "there is no recording " in output
        assert "to fix: record it with the real server: pytest --golden-record" in output

    def test_a_file_that_is_none_is_told(self, play, pytester):
        play(CALLS, "--golden-record")
        (pytester.path / "golden" / "test_it" / "mail.yaml").write_text("kind: grpc\nexchanges: []\n")
        assert "mail.yaml is a recording of grpc; to fix: " in play(CALLS)
        (pytester.path / "golden" / "test_it" / "mail.yaml").write_text("[")
        assert "mail.yaml cannot be read: " in play(CALLS)


def test_answers_to_one_request_come_in_their_order_and_the_last_for_ever(play, upstream, recorded):
    numbers = iter([1, 2, 2, 2])
    upstream.answer("/", lambda request: {"number": next(numbers)})
    call = 'assert [client.get("/").json()["number"] for _ in range({})] == {}'
    assert "1 passed" in play(call.format(4, "[1, 2, 2, 2]"), "--golden-record")
    assert len(recorded()) == 2
    assert "1 passed" in play(call.format(6, "[1, 2, 2, 2, 2, 2]"))


def test_addresses_of_the_server_lead_to_the_recording(play, upstream, recorded):
    upstream.answer("/a", lambda request: {"next": f"{upstream.url}/b"})
    upstream.answer("/b", "the end")
    calls = (
        'page = client.get("/a").json()["next"]\nassert page == url + "/b"\nassert client.get(page).text == "the end"'
    )
    assert "1 passed" in play(calls, "--golden-record")
    assert recorded()[0]["answer"]["json"] == {"next": "http://upstream.invalid/b"}
    assert "1 passed" in play(calls)


SECRETS = """
golden.secrets.append("hunter[0-9]+$")
client.get("/header", headers={"Authorization": "Bearer hunter2hunter2", "Cookie": "hunter2"})
client.get("/key?key=hunter2&api_key=hunter2")
client.get("/signature?X-Amz-Signature=hunter2&X-Amz-Credential=hunter2&sig=hunter2")
client.post("/json", json={"deep": [{"client_secret": "hunter2", "accessToken": "hunter2"}]})
client.post("/form", data={"grant_type": "x", "assertion": "hunter2", "password": "hunter2"})
client.post("/text", content="password=hunter2; Bearer hunter2hunter2")
client.post("/person", json={"owner": "hunter2@example.com"})
client.post("/dsn", json={"dsn": "postgres://hunter2:hunter2@db/mail"})
client.post("/account", json={"text": "AccountName=a;AccountKey=hunter2=="})
client.post("/bytes", content=b"\\xff hunter2")
"""


def test_secrets_are_scrubbed_and_requests_are_found_again(play, upstream, recorded):
    for line in SECRETS.splitlines():
        path = line.partition('("')[2].partition("?")[0].partition('"')[0]
        upstream.answer(path, lambda request: Answer(request.body, 200, {"Set-Cookie": "id=hunter2", **kind(request)}))
    assert "1 passed" in play(SECRETS, "--golden-record")
    assert len(recorded()) == 10
    assert {each["answer"]["status"] for each in recorded()} == {200}
    assert "hunter2" not in recorded(whole=True)
    assert "1 passed" in play(SECRETS.replace("hunter2", "hunter3"))  # whoever replays has other credentials


def kind(request):
    return {"Content-Type": request.headers.get("Content-Type", "text/plain")}


def test_aws_access_keys_are_scrubbed(play, upstream, recorded):
    upstream.answer("/", {"arn": "AKIAIOSFODNN7EXAMPLE"})
    assert "1 passed" in play('client.get("/")', "--golden-record")
    assert recorded()[0]["answer"]["json"] == {"arn": "SCRUBBED"}


LOOKS = "wJalrXUtnFEMI7K7MDENGbPxRfiCYzX3mq9LkT2v"


def test_what_looks_like_a_secret_is_not_written(play, upstream, pytester):
    upstream.answer("/", {"note": LOOKS})
    output = play('client.get("/")', "--golden-record")
    assert "mail.yaml would hold what looks like a secret (wJalrX...) in " in output
    assert "to fix: append a regular expression to `golden.secrets`, or to `golden.harmless`" in output
    assert LOOKS not in output
    assert not (pytester.path / "golden").exists()


@pytest.mark.parametrize(("kind", "kept"), [("secrets", "SCRUBBED"), ("harmless", LOOKS)])
def test_the_test_decides_what_is_a_secret(play, upstream, recorded, kind, kept):
    upstream.answer("/", {"note": LOOKS})
    assert "1 passed" in play(f'golden.{kind}.append("wJalr.*")\nclient.get("/")', "--golden-record")
    assert recorded()[0]["answer"]["json"] == {"note": kept}


def test_tokens_of_pages_are_kept(play, upstream, recorded):
    pages = {"": {"nextToken": "two"}, "two": {"nextToken": "three"}, "three": {}}
    upstream.answer("/", lambda request: pages[dict(parse_qsl(request.query)).get("nextToken", "")])
    calls = "token, seen = '', []\nwhile token is not None:\n    seen.append(token)\n"
    calls += "    token = client.get('/', params={'nextToken': token}).json().get('nextToken')\n"
    calls += "assert seen == ['', 'two', 'three']"
    assert "1 passed" in play(calls, "--golden-record")
    assert "1 passed" in play(calls)


def test_a_server_that_does_not_answer_is_told_while_it_is_recorded(play, pytester):
    output = play('client.get("/")', "--golden-record", url="http://127.0.0.1:1")
    assert "http://127.0.0.1:1 does not answer: " in output
    assert "to fix: let the real server run while it is recorded" in output
    assert not (pytester.path / "golden").exists()
