"""Which proxy, if any, a request goes through: the setting, or what the environment says."""

from __future__ import annotations

import urllib.request

from scraper.addresses import Address
from scraper.redact import redacted

CACHED = 4096


class Proxies:
    """Reads the environment once; HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY as other tools understand them."""

    def __init__(self, proxy: str = "") -> None:
        self._fixed = _address(proxy)
        self._environment = {} if proxy else urllib.request.getproxies_environment()
        self._known: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._fixed or self._environment)

    def all(self) -> list[str]:
        """Every proxy that may come to be used."""
        found = [self._fixed, *(_address(self._environment.get(name, "")) for name in ("http", "https", "all"))]
        return [proxy for proxy in found if proxy]

    def of(self, address: Address) -> str:
        """The proxy for that address; "" for the direct way."""
        if self._fixed or not self._environment:
            return self._fixed
        key = f"{address.scheme}:{address.host}"
        if key not in self._known:
            if len(self._known) >= CACHED:
                self._known.clear()
            self._known[key] = self._chosen(address)
        return self._known[key]

    def _chosen(self, address: Address) -> str:
        from requests.utils import select_proxy, should_bypass_proxies  # reads NO_PROXY, with its networks and ports

        no_proxy = self._environment.get("no")
        if should_bypass_proxies(address.url, no_proxy):
            return ""
        return _address(select_proxy(address.url, self._environment) or "")


def shown(proxy: str) -> str:
    """A proxy as it may be printed."""
    return redacted(proxy)


def _address(proxy: str) -> str:
    proxy = proxy.strip()
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"
