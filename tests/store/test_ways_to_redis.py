"""Addresses, TLS, Sentinel and the patient client."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from tests.redis_server import RedisServer, WouldNotStartError, free_port, wait_until
from webapp.store.address import AddressError, read_address
from webapp.store.redis import Reason, StoreUnavailableError, VoiceRedis, open_redis


@pytest.mark.parametrize(
    ("url", "hosts", "database"),
    [
        ("redis://localhost", (("localhost", 6379),), 0),
        ("redis://:p@10.0.0.1:6380/3", (("10.0.0.1", 6380),), 3),
        ("redis://[::1]:6380?db=4", (("::1", 6380),), 4),
        ("redis+sentinel://:p@a:1,b:2,c/mymaster/5", (("a", 1), ("b", 2), ("c", 26379)), 5),
    ],
)
def test_addresses_are_taken_apart(url: str, hosts: tuple[tuple[str, int], ...], database: int) -> None:
    address = read_address(url)
    assert (address.hosts, address.database) == (hosts, database)


def test_credentials_are_decoded_and_do_not_show() -> None:
    address = read_address("rediss://us%40er:p%3Aw%2Fd@host")
    assert (address.username, address.password) == ("us@er", "p:w/d")
    assert "p:w" not in repr(address)
    assert address.tls is not None
    assert address.tls.verify


@pytest.mark.parametrize(
    "url",
    [
        "http://host",
        "redis://",
        "redis://host:x",
        "redis://host:99999",
        "redis://host/a",
        "redis://host/1/2",
        "redis://host/-1",
        "redis://host?ssl_cert_reqs=none&timeout=5",
        "rediss://host?ssl_cert_reqs=maybe",
        "unix://relative",
        "unix:",
        "redis+sentinel://a:1,b:2",
        "redis+sentinel://a:1,/m",
        "host:6379",
        "",
    ],
)
def test_what_is_not_an_address_is_refused(url: str) -> None:
    with pytest.raises(AddressError):
        read_address(url)


def test_a_refusal_does_not_repeat_the_password() -> None:
    for url in ("http://:hunter2@host", "redis://:hunter2@host:x", "redis://:hunter2@host?hunter2=1&x=2"):
        with pytest.raises(AddressError) as caught:
            read_address(url)
        assert ":hunter2" not in str(caught.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Signed by nobody but itself, for 127.0.0.1, as managed Redis plans show one."""
    directory = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redis.example.com")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (directory / "key.pem").write_bytes(pem)
    (directory / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return directory / "certificate.pem", directory / "key.pem"


@pytest.fixture
def tls_server(certificate: tuple[Path, Path]) -> Iterator[tuple[RedisServer, int]]:
    port = free_port()
    options = {"tls_cert_file": str(certificate[0]), "tls_key_file": str(certificate[1]), "tls_auth_clients": "no"}
    try:
        server = RedisServer(tls_port=str(port), requirepass="right-password", **options)
    except WouldNotStartError:
        pytest.skip("this redis-server was built without TLS")
    with server:
        yield server, port


def test_a_self_signed_certificate_is_served_when_asked_for_and_refused_otherwise(
    tls_server: tuple[RedisServer, int], certificate: tuple[Path, Path]
) -> None:
    base = f"rediss://:right-password@127.0.0.1:{tls_server[1]}/0"
    for url in (f"{base}?ssl_cert_reqs=none", f"{base}?ssl_ca_certs={certificate[0]}"):
        voice = VoiceRedis(url, deadline=5, pause=5)
        assert voice.execute([("SET", "k", "v"), ("GET", "k")]) == ["OK", "v"]
        voice.later([("SET", "later", "v")])
        assert voice.flush(10)
        voice.close()
        with open_redis(url) as patient:
            assert patient.get("later") == "v"
    strict = VoiceRedis(base, deadline=5, pause=5)
    with pytest.raises(StoreUnavailableError) as caught:
        strict.execute([("GET", "k")])
    assert caught.value.reason is Reason.TLS
    assert "self_signed" in caught.value.fix
    strict.close()
    with open_redis(base) as patient, pytest.raises(RedisConnectionError):
        patient.get("k")


@pytest.fixture
def sentinel() -> Iterator[tuple[RedisServer, RedisServer, str]]:
    """A primary, its replica, and one sentinel that may decide alone."""
    with RedisServer() as primary, RedisServer(replicaof=f"127.0.0.1 {primary.port}") as replica:
        with replica.client() as admin:
            wait_until(lambda: admin.info("replication")["master_link_status"] == "up", 20)
        port = free_port()
        configuration = primary.directory / "sentinel.conf"
        configuration.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {primary.directory}\n"
            f"sentinel monitor mymaster 127.0.0.1 {primary.port} 1\n"
            "sentinel down-after-milliseconds mymaster 300\nsentinel failover-timeout mymaster 1000\n"
        )
        watcher = RedisServer.sentinel(configuration)
        try:
            with Redis(port=port, decode_responses=True) as admin:
                wait_until(lambda: sees_the_replica(admin), 20)
            yield primary, replica, f"redis+sentinel://127.0.0.1:{port}/mymaster/0"
        finally:
            watcher.kill()
            watcher.wait()


def sees_the_replica(admin: Redis) -> bool:
    try:
        return len(admin.sentinel_slaves("mymaster")) == 1
    except RedisConnectionError:
        return False


@pytest.mark.slow
def test_both_clients_follow_the_primary_that_sentinel_names(sentinel: tuple[RedisServer, RedisServer, str]) -> None:
    primary, _replica, url = sentinel
    voice = VoiceRedis(url, deadline=5)
    try:
        assert voice.execute([("SET", "k", "v")]) == ["OK"]
        with open_redis(url) as patient:
            assert patient.get("k") == "v"
            patient.connection_pool._one_waits.hung()
            with pytest.raises(RedisTimeoutError, match="not asked again"):
                patient.get("k")
            wait_until(lambda: patient_writes(patient), 5)
            primary.kill()
            wait_until(lambda: writes(voice), 40)
            wait_until(lambda: patient_writes(patient), 40)
    finally:
        voice.close()


def writes(voice: VoiceRedis) -> bool:
    try:
        return voice.execute([("SET", "after", "v")]) == ["OK"]
    except StoreUnavailableError:
        return False


def patient_writes(patient: Redis) -> bool:
    try:
        return bool(patient.set("patient", "v"))
    except (RedisConnectionError, RedisTimeoutError):
        return False


def test_the_patient_client_mends_a_broken_connection_and_gives_up_on_a_hanging_server() -> None:
    with RedisServer() as server, open_redis(server.url) as patient:
        patient.set("k", "ü")
        server.kill()
        server.start()
        assert patient.get("k") is None
        server.pause()
        start = monotonic()
        with pytest.raises((RedisTimeoutError, RedisConnectionError)):
            patient.set("k", "v")
        assert monotonic() - start < 15
        server.resume()


def test_the_patient_client_sends_a_command_that_timed_out_only_once() -> None:
    with RedisServer() as server, open_redis(server.url) as patient, server.client() as other:
        patient.get("k")
        server.pause()
        with pytest.raises(RedisTimeoutError):
            patient.rpush("rows", "one")
        server.resume()
        wait_until(lambda: other.llen("rows") == 1)
        assert other.lrange("rows", 0, -1) == ["one"]
