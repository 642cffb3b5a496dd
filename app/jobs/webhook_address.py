"""Where webhooks may go: nowhere but to the public internet, unless private networks are allowed."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from app.errors import InvalidRequest

LONGEST_URL = 2048
_KEPT_AWAY = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "64:ff9b:1::/48", "fec0::/10")
)
"""Not public, though not every Python knows it; and one cloud's service to its own machines."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def check_url(url: str, *, private: bool) -> None:
    """InvalidRequest (invalid_option): nothing is ever sent there. Names are resolved when it is sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("no address of a web server") from None
    allowed = ("https", "http") if private else ("https",)
    if len(url) > LONGEST_URL or not url.isprintable() or not host or port == 0:
        raise _refused("no address of a web server")
    if parts.scheme not in allowed or parts.username is not None or parts.password is not None:
        raise _refused("not https, or holds a name or password")
    if not private and not _may_be_public(host):
        raise _refused("an address of a private network")


def _refused(why: str) -> InvalidRequest:
    return InvalidRequest(f"webhook_url cannot be used: it is {why}.", code="invalid_option")


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:  # a name
        return host != "localhost" and not host.endswith(".localhost")


def is_public(address: str) -> bool:
    """Whether the IP address belongs to the public internet, also the IPv4 address within an IPv6 one.
    ValueError: no IP address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return all(
        each.is_global and not each.is_multicast and not any(each in network for network in _KEPT_AWAY)
        for each in (found, *_embedded(found))
    )


def _embedded(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) >> 32 == 0:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
