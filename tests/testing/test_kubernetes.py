"""The API server that tests of plugins get is a real one; where there is none, they are told how to get it."""

import httpx
import pytest

from causely_core.testing.kubernetes.binaries import Binaries, Missing

pytest_plugins = ["pytester"]


def executable(path):
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine without any of it."""
    for name in ("CAUSELY_KUBE_BIN", "KUBEBUILDER_ASSETS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "/nonexistent")


def test_an_administrator_makes_objects(kubernetes_api):
    headers = {"Authorization": f"Bearer {kubernetes_api.token}"}
    with httpx.Client(base_url=kubernetes_api.url, verify=kubernetes_api.tls(), headers=headers) as client:
        made = client.post("/api/v1/namespaces", json={"metadata": {"generateName": "mail-"}}).raise_for_status().json()
        names = [each["metadata"]["name"] for each in client.get("/api/v1/namespaces").json()["items"]]
    assert made["metadata"]["name"] in names


def test_strangers_are_refused(kubernetes_api):
    headers = {"Authorization": "Bearer stranger"}
    refused = httpx.get(f"{kubernetes_api.url}/api/v1/namespaces", verify=kubernetes_api.tls(), headers=headers)
    assert refused.status_code == 401


def test_a_kubeconfig_leads_there(kubernetes_api):
    assert f"server: {kubernetes_api.url}" in kubernetes_api.kubeconfig().read_text()


@pytest.mark.parametrize("variable", ["CAUSELY_KUBE_BIN", "KUBEBUILDER_ASSETS"])
def test_a_variable_names_a_folder(nowhere, monkeypatch, tmp_path, variable):
    etcd, server = executable(tmp_path / "etcd"), executable(tmp_path / "kube-apiserver")
    monkeypatch.setenv(variable, str(tmp_path))
    assert (Binaries.found().etcd, Binaries.found().api_server) == ((etcd,), (server,))


def test_what_was_built_before_is_found(nowhere, monkeypatch, tmp_path):
    (tmp_path / "cache" / "causely").mkdir(parents=True)
    built = executable(tmp_path / "cache" / "causely" / "control-plane-v1.35.4-0123456789abcdef")
    executable(tmp_path / "etcd")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Binaries.found().api_server == (built, "kube-apiserver")


def test_without_etcd_people_are_told(nowhere, monkeypatch, tmp_path):
    executable(tmp_path / "kube-apiserver")
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    with pytest.raises(Missing, match="no etcd on this machine: Debian's etcd-server has it"):
        Binaries.found()


TEST = "def test_it(kubernetes_api):\n    pass\n"


def run(pytester):
    pytester.makepyfile(test_it=TEST)
    options = ("-p", "causely_core.testing.plugin", "-o", "asyncio_default_fixture_loop_scope=function", "-rs")
    return pytester.runpytest_subprocess(*options).stdout.str()


@pytest.mark.usefixtures("nowhere")
def test_without_programs_the_test_is_skipped_with_how_to_get_them(pytester):
    output = run(pytester)
    assert "1 skipped" in output
    assert "no kube-apiserver on this machine: `setup-envtest use` downloads one" in output


@pytest.mark.usefixtures("nowhere")
def test_a_variable_that_is_wrong_is_told(pytester, monkeypatch, tmp_path):
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    told = "has no kube-apiserver; to fix: let it name the folder that has, or unset it"
    assert told in run(pytester)
