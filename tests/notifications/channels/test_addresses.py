"""Where webhooks may lead, and every way into our own network that is refused."""

import socket
from typing import Any

import pytest

from notifications.channels.addresses import AddressRefused, find_target, is_public, take_apart


def answer_with(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name lead to these numbers, and keep which were asked."""
    asked = []

    def look_up(host: str, port: int, **options: Any) -> list[Any]:
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # the cloud's own data
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "nonsense",
    ],
)
def test_our_own_and_other_networks_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0177.0.0.1", "127.1", "localhost", "[::1]"],
)
def test_every_way_to_write_our_own_machine_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        find_target(f"https://{host}/")


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(AddressRefused, match="private network"):
        find_target("https://mixed.example/")


def test_a_public_name_is_taken_with_the_numbers_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer_with(monkeypatch, "93.184.216.34")
    target = find_target("https://hooks.example:8443/a/b?c=d")
    assert target == ("https", "hooks.example", 8443, "/a/b?c=d", ("93.184.216.34",))
    assert asked == ["hooks.example"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.example/",
        "//hooks.example/",
        "hooks.example",
        "https:///nowhere",
        "https://user:pass@hooks.example/",
        "https://hooks.example:99999/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX-Evil: 1",
        "file:///etc/passwd",
        "gopher://hooks.example/",
    ],
)
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        find_target(url)


def test_only_https_leaves_production(settings: Any) -> None:
    settings.WEBHOOKS_HTTPS_ONLY = True
    with pytest.raises(AddressRefused, match="https"):
        take_apart("http://hooks.example/")


def test_a_name_that_leads_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(AddressRefused, match="leads nowhere"):
        find_target("https://nowhere.example/")
