"""Values in, HTML out. Every value is escaped; a name that a template does not know is an error, not nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from imgtool.version import __version__

UNITS = ("B", "kB", "MB", "GB")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a long list, and the ways to its neighbours."""

    start: int
    step: int
    total: int
    asked: tuple[tuple[str, str], ...] = ()  # what else the address says

    @property
    def end(self) -> int:
        """The number of its last one."""
        return min(self.start + self.step, self.total)

    @property
    def before(self) -> str:
        """The address of the stretch before; "" at the beginning."""
        return self._at(max(0, self.start - self.step)) if self.start else ""

    @property
    def after(self) -> str:
        """The address of the next one; "" at the end."""
        return self._at(self.start + self.step) if self.end < self.total else ""

    def _at(self, start: int) -> str:
        return "?" + urlencode([*self.asked, ("start", start)])


def bytes_of(size: int) -> str:
    """A size in the unit that suits it."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {UNITS[unit]}" if amount >= 10 or not unit else f"{amount:.1f} {UNITS[unit]}"


def outward(url: str) -> str:
    """The address if a browser may be sent there; "" for `javascript:` and whatever else is no web page."""
    try:
        return url if urlsplit(url).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def environment() -> Environment:
    """The templates of all apps."""
    made = Environment(
        loader=PackageLoader("imgtool.web", "templates"),
        autoescape=True,  # for every template, whatever it is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"bytes": bytes_of, "outward": outward, "query": lambda values: "?" + urlencode(values)}
    made.globals["version"] = __version__
    return made


TEMPLATES = environment()


def page(template: str, values: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """A page of its own template; no copy of it is kept anywhere."""
    body = TEMPLATES.get_template(template).render(values)
    return HTMLResponse(body, status, headers={"cache-control": "no-store"})


def answer(value: dict[str, object], status: int = 200) -> Response:
    """A JSON object."""
    return JSONResponse(value, status, headers={"cache-control": "no-store"})


def static() -> StaticFiles:
    """Our own styles and scripts."""
    return StaticFiles(directory=Path(__file__).parent / "static")
