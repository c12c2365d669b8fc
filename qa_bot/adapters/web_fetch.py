"""Fetch one page or file from the web, and from nowhere else."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

import httpx

from qa_bot.errors import FetchError
from qa_bot.kinds import MEDIA_TYPES, bare

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_REDIRECTS: Final = 5
#: How long the whole may take, and how long a server may be silent.
TOTAL_SECONDS: Final = 60.0
_SILENT_SECONDS: Final = 15.0
_PORTS: Final = {"http": 80, "https": 443}
#: An address of a cloud's own that is not in a private range, and networks that hold others within.
_METADATA: Final = ipaddress.ip_address("168.63.129.16")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_COMPRESSIONS: Final = frozenset({"gzip", "x-gzip", "deflate"})
#: For zlib: read gzip as well as zlib.
_ANY_WRAPPER: Final = 32 + zlib.MAX_WBITS

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: `url` is where it came from in the end, `media_type` as the server sent it."""

    content: bytes
    media_type: str
    url: str
    name: str


def fetch(url: str, *, allow_private: bool = False) -> Fetched:
    """Fetch a web page, a text, a PDF or a Word file.

    A name is looked up once and only public addresses are connected to, after each of at most five
    redirects too; `allow_private` lifts that. No proxy, cookie or password is used. Raises
    `FetchError`, naming the address, for whatever is not allowed or does not work.
    """
    # In a thread of its own it works whether or not an event loop runs in this one.
    with ThreadPoolExecutor(1, "qa_bot-fetch") as pool:
        return pool.submit(asyncio.run, _fetched_in_time(url, allow_private)).result()


async def _fetched_in_time(url: str, allow_private: bool) -> Fetched:
    try:
        return await asyncio.wait_for(_fetched(url, allow_private), TOTAL_SECONDS)
    except asyncio.TimeoutError as error:
        raise FetchError(
            f"{url}: took longer than {TOTAL_SECONDS:.0f} seconds; try again later"
        ) from error
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise FetchError(f"{url}: can't be reached ({_reason(error)})") from error


async def _fetched(url: str, allow_private: bool) -> Fetched:
    target = _parsed(url)
    for _ in range(MAX_REDIRECTS + 1):
        addresses = await _addresses(target, allow_private)
        answer = await _answer(target, addresses)
        if isinstance(answer, Fetched):
            return answer
        target = _parsed(str(target.join(answer)))
    raise FetchError(f"{url}: redirects more than {MAX_REDIRECTS} times")


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        # A name that can't be decoded shows itself only when it is asked for.
        is_whole = bool(parsed.host) and (parsed.port or 1) in range(1, 65536)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise FetchError(f"{url}: not a web address ({error})") from error
    if parsed.scheme not in _PORTS or not is_whole:
        raise FetchError(f"{url}: not a web address; give one that begins with http:// or https://")
    if parsed.userinfo:
        raise FetchError("an address with a user name or password in it is not fetched; leave them out")
    return parsed


async def _addresses(url: httpx.URL, allow_private: bool) -> Sequence[_Address]:
    """Look a host's name up; raises `FetchError` when any of its addresses is not public."""
    loop = asyncio.get_running_loop()
    port = url.port or _PORTS[url.scheme]
    try:
        found = await loop.getaddrinfo(url.raw_host.decode(), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{url}: no such host is known ({_reason(error)})") from error
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    refused = next((address for address in addresses if not _is_public(address)), None)
    if not addresses or (refused and not allow_private):
        raise FetchError(f"{url}: {refused or 'nothing'} is no public address, and is not fetched from")
    return tuple(dict.fromkeys(addresses))


def _is_public(address: _Address) -> bool:
    """Return whether an address is on the open internet, whatever form it is written in."""
    inner = _inner(address)
    if inner is not None:
        return _is_public(inner)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not (address.version == 6 and address.is_site_local)
        and address != _METADATA
    )


def _inner(address: _Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


async def _answer(url: httpx.URL, addresses: Sequence[_Address]) -> Fetched | str:
    """Return what a server sends, or where it redirects to; tries its addresses in turn."""
    for address in addresses[:-1]:
        try:
            return await _answer_from(url, address)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _answer_from(url, addresses[-1])


async def _answer_from(url: httpx.URL, address: _Address) -> Fetched | str:
    headers = {
        "Host": url.netloc.decode(),
        "User-Agent": f"qa_bot/{version('qa_bot')}",
        "Accept": ", ".join(MEDIA_TYPES),
        "Accept-Encoding": "gzip",
    }
    # The address that was checked is the one that is connected to; the name stays for TLS.
    pinned = url.copy_with(host=str(address), fragment=None)
    extensions = {"sni_hostname": url.raw_host.decode()}
    client = httpx.AsyncClient(trust_env=False, timeout=_SILENT_SECONDS, follow_redirects=False)
    async with client, client.stream("GET", pinned, headers=headers, extensions=extensions) as response:
        if response.has_redirect_location:
            return response.headers["location"]
        if response.status_code != httpx.codes.OK:
            reason = f"{response.status_code} {response.reason_phrase}".strip()
            raise FetchError(f"{url}: the server answers {reason}")
        media_type = response.headers.get("content-type", "")
        if bare(media_type) not in MEDIA_TYPES:
            raise FetchError(
                f"{url}: is {media_type or 'of no stated type'}; web pages, texts, PDF and .docx are read"
            )
        content = await _content(url, response)
    name = PurePosixPath(unquote(url.path)).name or url.host
    return Fetched(content, media_type, str(url.copy_with(fragment=None)), name)


async def _content(url: httpx.URL, response: httpx.Response) -> bytes:
    """Read the body, unpacked and never more of it than is allowed."""
    compression = response.headers.get("content-encoding", "identity").strip().lower()
    if compression not in _COMPRESSIONS | {"identity", ""}:
        raise FetchError(f"{url}: sent in an unknown compression ({compression})")
    unpacker = _Unpacker() if compression in _COMPRESSIONS else None
    content = bytearray()
    try:
        async for chunk in response.aiter_raw():
            content += unpacker.unpack(chunk, MAX_BYTES + 1 - len(content)) if unpacker else chunk
            if len(content) > MAX_BYTES:
                raise FetchError(f"{url}: larger than {MAX_BYTES // 2**20} MiB; save a part of it")
    except zlib.error as error:
        raise FetchError(f"{url}: sent in a damaged compression; try again") from error
    if unpacker and not unpacker.is_whole:
        raise FetchError(f"{url}: ended before it was whole; try again")
    return bytes(content)


class _Unpacker:
    """Unpacks zlib, or gzip in one or several members that follow each other."""

    def __init__(self) -> None:
        """Begin with nothing unpacked."""
        self._member = zlib.decompressobj(_ANY_WRAPPER)

    @property
    def is_whole(self) -> bool:
        """Whether the last member has ended."""
        return self._member.eof

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """Return what a chunk holds, at most `room` bytes of it; raises `zlib.error` if damaged."""
        content = b""
        while chunk and len(content) < room:
            if self._member.eof:
                chunk = chunk.lstrip(b"\0")  # members may be padded
                if not chunk:
                    break
                self._member = zlib.decompressobj(_ANY_WRAPPER)
            content += self._member.decompress(chunk, room - len(content))
            chunk = self._member.unused_data
        return content


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
