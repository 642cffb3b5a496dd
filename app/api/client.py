"""Whom a request comes from."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection


def client_address(connection: HTTPConnection) -> str:
    """The address to count by: of IPv6 the /64 network, which one client has for itself (RFC 6177).

    uvicorn has put the forwarded address here where the proxy is trusted (FORWARDED_ALLOW_IPS).
    """
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host  # a unix socket, or a name that a proxy made up
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
