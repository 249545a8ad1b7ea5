"""Which addresses may be asked: decided without the network."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imgtool.records import Reason, Refusal
from scraper.addresses import Address, own_server, refuse_ip, refuse_name, vet

NEVER = """
    http://0.0.0.0/ http://169.254.169.254/latest/meta-data http://[fe80::1]/ http://100.100.100.200/ http://224.0.0.1/
    http://255.255.255.255/ http://[ff02::1]/ http://[::]/ http://[fd00:ec2::254]/ http://168.63.129.16/
    http://2130706433/ http://0177.0.0.1/ http://0x7f.1/ http://127.1/ http://0x7f000001/ http://017700000001/
    http://134744072/ http://8.8.2056/ http://127.0.0.1./ http://1.2.3.4.5/ http://256.1.1.1/ http://a.0x7f/
    http://[::ffff:127.0.0.1]/ http://[::ffff:8.8.8.8]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/
    http://[64:ff9b:1::808:808]/ http://[2002:7f00:1::]/ http://[2002:808:808::]/ http://[2001:0:7f00:1::1]/
    http://[2001:db8::1]/ http://[fec0::1]/ http://[3fff::1]/ http://198.18.0.1/ http://192.0.2.1/ http://203.0.113.7/
"""
OWN = """
    http://127.0.0.1/ http://127.9.9.9:8000/ http://localhost/ http://LOCALHOST:8080/ http://cats.localhost/
    http://[::1]/ http://10.0.0.1/ http://172.16.5.4/ http://192.168.1.1/ http://100.64.0.1/ http://[fc00::1]/
    http://①②⑦.⓪.⓪.①/ http://127。0。0。1/
"""
PUBLIC = """
    http://8.8.8.8/ http://example.com/a.jpg https://example.com:8443/a http://example.com:80/ http://1.1.1.1:8080/
    http://[2606:4700::1111]/ http://[64:ff9b::808:808]/ http://xn--bcher-kva.example/ http://bücher.example/
"""


@pytest.mark.parametrize("url", NEVER.split())
@pytest.mark.parametrize("allow", [False, True])
def test_these_are_never_asked(url: str, allow: bool) -> None:
    answer = vet(url, allow_private=allow)
    assert isinstance(answer, Refusal)
    assert answer.reason == Reason.BLOCKED_ADDRESS


@pytest.mark.parametrize("url", OWN.split())
def test_ones_own_servers_are_asked_only_when_allowed(url: str) -> None:
    refused = vet(url)
    assert isinstance(refused, Refusal)
    assert refused.reason == Reason.BLOCKED_ADDRESS
    assert isinstance(vet(url, allow_private=True), Address)


@pytest.mark.parametrize("url", PUBLIC.split())
def test_the_public_web_is_asked(url: str) -> None:
    assert isinstance(vet(url), Address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "blob:https://h/1",
        "/etc/passwd",
        "a.jpg",
        "data:image/png;base64,AA==",
        "http://h/\r\nX: y",
        "http://h\0/",
        "http://[fe80::1%25eth0]/",
        "http://h/" + "a" * 10_000,
        "http://h:99999/",
        "http://exa mple.com/",
        "http:///a",
        "",
    ],
)
def test_what_is_no_web_address_is_a_bad_url(url: str) -> None:
    answer = vet(url)
    assert isinstance(answer, Refusal)
    assert answer.reason == Reason.BAD_URL


@pytest.mark.parametrize(
    "port", [0, 1, 22, 25, 53, 81, 110, 143, 445, 465, 587, 993, 2375, 3306, 5432, 6379, 6667, 11211]
)
def test_ports_of_other_services_are_refused(port: int) -> None:
    answer = vet(f"http://example.com:{port}/")
    assert isinstance(answer, Refusal)
    assert answer.reason == Reason.BLOCKED_PORT


def test_credentials_and_fragments_do_not_go_out() -> None:
    answer = vet("https://me:secret@Example.com/a.jpg#top")
    assert answer == Address("https://example.com/a.jpg", "https", "example.com", 443)
    assert (answer.place, answer.origin) == ("example.com", "https://example.com")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        *[("127.0.0.1", True), ("localhost", True), ("a.localhost.", True), ("10.1.2.3", True), ("8.8.8.8", False)],
        *[("example.com", False), ("localhost.example.com", False), ("169.254.169.254", False)],
    ],
)
def test_ones_own_servers_are_known_by_number_or_name(host: str, own: bool) -> None:
    assert own_server(host) is own


@pytest.mark.parametrize("host", ["localhost", "printer", "db.internal", "nas.local", "a.home.arpa"])
def test_local_names_are_not_handed_to_a_proxy(host: str) -> None:
    assert refuse_name(host)
    assert not refuse_name("example.com")


@given(st.text(max_size=60))
def test_vetting_always_answers(text: str) -> None:
    assert isinstance(vet(f"http://{text}/"), Address | Refusal)


@given(
    st.from_regex(
        r"(0x[0-9a-f]{1,8}|0[0-7]{1,11}|[0-9]{1,10})(\.(0x[0-9a-f]{1,8}|0[0-7]{1,4}|[0-9]{1,8})){0,3}", fullmatch=True
    )
)
def test_what_the_system_reads_as_a_private_number_is_refused(host: str) -> None:
    try:
        meant = ipaddress.ip_address(socket.inet_aton(host))
    except OSError:
        return
    assume(not meant.is_global)
    assert isinstance(vet(f"http://{host}/"), Refusal)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_only_global_addresses_are_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not refuse_ip(str(address)):
        assert (address.is_global and not address.is_multicast) or address in ipaddress.ip_network("64:ff9b::/96")
