"""Access by a pod's service account."""

import pytest
import trustme

from causely_core.kubernetes import ApiError, ServiceAccount, cluster_url


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, ""),
        ({"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "6443"}, "https://10.96.0.1:6443"),
        ({"KUBERNETES_SERVICE_HOST": "fd00::1"}, "https://[fd00::1]:443"),
    ],
)
def test_the_cluster_is_where_the_kubelet_says(variables, url):
    assert cluster_url(variables) == url


def test_a_token_that_is_renewed_is_shown_from_then_on(tmp_path):
    subject = ServiceAccount("https://10.96.0.1", tmp_path)
    for token in ("first", "second"):
        (tmp_path / "token").write_text(f"{token}\n")
        assert subject.headers() == {"Authorization": f"Bearer {token}"}


def test_the_authority_of_the_account_is_trusted_alone(tmp_path):
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.crt")
    assert len(ServiceAccount("https://10.96.0.1", tmp_path).tls().get_ca_certs()) == 1


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_files_that_are_missing_or_wrong_are_one_line(tmp_path, content):
    if content:
        (tmp_path / "ca.crt").write_text(content)
    subject = ServiceAccount("https://10.96.0.1", tmp_path)
    with pytest.raises(ApiError, match=r"^Kubernetes API: .*ca\.crt: .+"):
        subject.tls()
    with pytest.raises(ApiError, match=r"^Kubernetes API: .*token: .+"):
        subject.headers()
