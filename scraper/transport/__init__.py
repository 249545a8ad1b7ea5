"""The only doorway to the network, and the only package that imports aiohttp.

`client` sends requests and follows redirects, `stream` takes bodies in, `names` resolves and vets, `proxies` knows the
way out, `watch` ends what stalls, `mishaps` gives every error of the layers below one of our reasons.
"""

from scraper.transport.client import AiohttpTransport

__all__ = ["AiohttpTransport"]
