from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import ClassVar

import pytest

from qa_bot.adapters import web_fetch
from qa_bot.adapters.web_fetch import Fetched, fetch
from qa_bot.documents import document_of
from qa_bot.errors import FetchError

PAGE = "<html><p>问：好吗？</p>"


class Site(BaseHTTPRequestHandler):
    """Answers each path with what the test put there."""

    answers: ClassVar[dict[str, Callable[[Site], None]]] = {}
    seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append({key.lower(): value for key, value in self.headers.items()})
        self.answers[self.path](self)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.answers.clear()
    Site.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name have these addresses, and return the names that are asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[object]:
        asked.append(host)
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_page_is_fetched_with_what_the_server_says_of_it(site: str) -> None:
    Site.answers["/a/%E9%97%AE.html?x=1"] = lambda self: self.send(PAGE.encode())
    fetched = fetch(f"{site}/a/问.html?x=1#part", allow_private=True)
    assert fetched == Fetched(
        PAGE.encode(), "text/html; charset=utf-8", f"{site}/a/%E9%97%AE.html?x=1", "问.html"
    )
    assert document_of(fetched.content, fetched.name, fetched.media_type).text == "问：好吗？"
    assert Site.seen[0]["user-agent"].startswith("qa_bot/")
    assert Site.seen[0]["host"] == site.removeprefix("http://")
    assert "cookie" not in Site.seen[0]


def test_an_address_without_a_path_is_named_by_its_host(site: str) -> None:
    Site.answers["/"] = lambda self: self.send(PAGE.encode())
    assert fetch(site, allow_private=True).name == "127.0.0.1"


def test_a_name_is_looked_up_once_and_the_checked_address_is_used(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Site.answers["/"] = lambda self: self.send(PAGE.encode())
    port = site.rpartition(":")[2]
    asked = resolve_to(monkeypatch, "127.0.0.1")
    assert (
        fetch(f"http://example.test:{port}/", allow_private=True).url == f"http://example.test:{port}/"
    )
    assert asked == ["example.test"]
    assert Site.seen[0]["host"] == f"example.test:{port}"


def test_a_second_address_is_tried_when_the_first_is_dead(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Site.answers["/"] = lambda self: self.send(PAGE.encode())
    resolve_to(monkeypatch, "127.0.0.2", "127.0.0.1")
    assert fetch(f"http://example.test:{site.rpartition(':')[2]}/", allow_private=True).content


def test_the_environment_has_no_say(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Site.answers["/"] = lambda self: self.send(PAGE.encode())
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(site, allow_private=True).content == PAGE.encode()


def test_five_redirects_are_followed_and_not_six(site: str) -> None:
    for step in range(6):
        Site.answers[f"/{step}"] = lambda self, step=step: self.send(b"", 302, Location=f"{step + 1}")  # type: ignore[misc]
    Site.answers["/6"] = lambda self: self.send(PAGE.encode())
    assert fetch(f"{site}/1", allow_private=True).url == f"{site}/6"
    with pytest.raises(FetchError, match="/0: redirects more than 5 times"):
        fetch(f"{site}/0", allow_private=True)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://10.0.0.1/", r"10\.0\.0\.1 is no public address"),
        ("ftp://example.org/", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("http://me:pw@example.org/", "user name or password"),
    ],
)
def test_every_redirect_is_checked_again(
    site: str, monkeypatch: pytest.MonkeyPatch, target: str, message: str
) -> None:
    Site.answers["/"] = lambda self: self.send(b"", 302, Location=target)
    is_public = web_fetch._is_public
    monkeypatch.setattr(
        web_fetch, "_is_public", lambda address: str(address) == "127.0.0.1" or is_public(address)
    )
    with pytest.raises(FetchError, match=message):
        fetch(site)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::]/",
        "http://0.0.0.0/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_this_machine_and_its_cloud_are_not_fetched_from(url: str) -> None:
    with pytest.raises(FetchError, match=r"is no public address|no such host"):
        fetch(url)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "127.8.8.8",
            "169.254.169.254",
            "100.100.100.200",
            "0.0.0.0",
        ),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "168.63.129.16"),
        *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1"),
        *(
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ),
    ],
)
def test_an_address_that_is_not_public_is_known(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not web_fetch._is_public(ip_address(address))
    resolve_to(monkeypatch, "93.184.216.34", address)
    with pytest.raises(FetchError, match="is no public address, and is not fetched from"):
        fetch("http://example.test/")


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_known(address: str) -> None:
    assert web_fetch._is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://example.org/a", "give one that begins with http:// or https://"),
        ("file:///etc/passwd", "not a web address"),
        ("example.org", "not a web address"),
        ("http://", "not a web address"),
        ("", "not a web address"),
        (
            "http://user:secret@example.org/",
            "an address with a user name or password in it is not fetched",
        ),
        ("http://exa mple.org:x/", "not a web address"),
        ("http://example.org:99999/", "not a web address"),
        ("http://xn--/", "not a web address"),
        ("http://" + "a" * 70 + ".org/", "no such host|not a web address"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str, message: str) -> None:
    with pytest.raises(FetchError, match=message) as caught:
        fetch(url)
    assert "secret" not in str(caught.value)


def test_an_unknown_or_silent_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match=rf"127\.0\.0\.1:{port}: can't be reached"):
        fetch(f"http://127.0.0.1:{port}", allow_private=True)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(FetchError, match="no such host is known"):
        fetch("http://nowhere.test/")


@pytest.mark.parametrize(
    ("status", "headers", "message"),
    [
        (404, {}, "the server answers 404 Not Found"),
        (500, {}, "the server answers 500"),
        (200, {"Content_Type": "image/png"}, "is image/png; web pages, texts, PDF and"),
        (200, {"Content_Type": "application/zip"}, "is application/zip"),
        (200, {"Content_Type": ""}, "is of no stated type"),
        (200, {"Content_Encoding": "br"}, r"unknown compression \(br\)"),
        (200, {"Content_Encoding": "gzip"}, "damaged compression"),
        (304, {}, "the server answers 304"),
    ],
)
def test_what_is_no_document_is_refused(
    site: str, status: int, headers: dict[str, str], message: str
) -> None:
    Site.answers["/"] = lambda self: self.send(PAGE.encode(), status, **headers)
    with pytest.raises(FetchError, match=message):
        fetch(site, allow_private=True)


def test_a_compressed_page_is_unpacked(site: str) -> None:
    Site.answers["/"] = lambda self: self.send(gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    Site.answers["/cut"] = lambda self: self.send(
        gzip.compress(PAGE.encode())[:-9], Content_Encoding="gzip"
    )
    assert fetch(site, allow_private=True).content == PAGE.encode()
    with pytest.raises(FetchError, match="ended before it was whole"):
        fetch(f"{site}/cut", allow_private=True)


def test_all_members_of_a_compressed_page_are_unpacked(site: str) -> None:
    first, second = gzip.compress(PAGE.encode() * 40_000), gzip.compress("答：好。".encode())
    whole = PAGE.encode() * 40_000 + "答：好。".encode()
    for path, body in {
        "/": first + second,
        "/padded": first + bytes(9) + second + bytes(9),
        "/cut": first + second[:-3],
        "/garbage": first + b"garbage",
    }.items():
        Site.answers[path] = lambda self, body=body: self.send(body, Content_Encoding="gzip")  # type: ignore[misc]
    assert fetch(site, allow_private=True).content == whole
    assert fetch(f"{site}/padded", allow_private=True).content == whole
    with pytest.raises(FetchError, match="ended before it was whole"):
        fetch(f"{site}/cut", allow_private=True)
    with pytest.raises(FetchError, match="damaged compression"):
        fetch(f"{site}/garbage", allow_private=True)


def test_too_much_is_cut_off_while_it_comes(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(self: Site) -> None:
        self.send(b"")
        try:
            while True:
                self.wfile.write(bytes(65_536))
        except OSError:
            ended.set()

    ended = threading.Event()
    Site.answers["/endless"] = endless
    Site.answers["/bomb"] = lambda self: self.send(
        gzip.compress(bytes(50 * 2**20)), Content_Encoding="gzip"
    )
    Site.answers["/bombs"] = lambda self: self.send(
        gzip.compress(bytes(2**19)) * 50, Content_Encoding="gzip"
    )
    monkeypatch.setattr(web_fetch, "MAX_BYTES", 2**20)
    for path in ("/endless", "/bomb", "/bombs"):
        with pytest.raises(FetchError, match="larger than 1 MiB"):
            fetch(site + path, allow_private=True)
    assert ended.wait(5)


def test_a_page_that_drips_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(self: Site) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass

    Site.answers["/"] = drip
    monkeypatch.setattr(web_fetch, "TOTAL_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(FetchError, match="took longer than"):
        fetch(site, allow_private=True)
    assert time.monotonic() - start < 5
