"""Pictures without a library: PNG files by hand, and small SVG drawings of numbers.

The lessons draw with this and so need nothing but numpy. Nothing here is taught; read on in lesson1_pixels.py.

A matrix of uint8 is drawn as grey (0 black, 255 white), one with three planes in its colours, and any other as
signed numbers: blue below 0, white at 0, red above.
"""

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

INKS = ("#0f6fc6", "#d1495b", "#2e8b57", "#b8860b", "#7b5ea7", "#5c6b73")  # lines and bars, in this order
BLUE, WHITE, RED = np.array([[33, 102, 172], [247, 247, 247], [178, 24, 43]], float)
Place: TypeAlias = str | Path
Numbers: TypeAlias = NDArray[np.float64]
Bytes: TypeAlias = NDArray[np.uint8]
Pictures: TypeAlias = Mapping[str, ArrayLike] | Sequence[tuple[str, ArrayLike]]
Curve: TypeAlias = Sequence[float] | Numbers | tuple[Sequence[float] | Numbers, Sequence[float] | Numbers]

# A drawing brings its own ground: it is read on light and on dark pages.
STYLE = (
    "svg{--ground:#fff;--ink:#24292f;--faint:#d0d7de;font:13px system-ui,sans-serif}"
    "@media(prefers-color-scheme:dark){svg{--ground:#1c2128;--ink:#e6edf3;--faint:#444c56}}"
    ".ground{fill:var(--ground)}text{fill:var(--ink)}.small{font-size:11px}.title{font-size:15px;font-weight:600}"
    ".faint{stroke:var(--faint)}.middle{text-anchor:middle}.end{text-anchor:end}image{image-rendering:pixelated}"
)


def png(path: Place, array: ArrayLike, scale: int = 1) -> Path:
    """A picture as a PNG file, every pixel drawn `scale` wide."""
    return _written(path, png_bytes(coloured(array), scale))


def heat(path: Place, matrix: ArrayLike, title: str = "", decimals: int | None = None) -> Path:
    """A matrix as a grid: every number in a cell of its colour."""
    cells, side, top, parts = coloured(matrix), 44, 34 if title else 8, []
    for (down, across), value in np.ndenumerate(np.asarray(matrix)):
        red, green, blue = cells[down, across]
        ink = "#000" if 0.3 * red + 0.59 * green + 0.11 * blue > 128 else "#fff"  # the weights of luminance, rounded
        x, y = across * side, down * side + top
        parts.append(f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="rgb({red},{green},{blue})"/>')
        word = _number(value, decimals)
        parts.append(f'<text class="middle" x="{x + 22}" y="{y + 27}" style="fill:{ink}">{word}</text>')
    return _svg(path, title, max(cells.shape[1] * side, 9 * len(title)), cells.shape[0] * side + top, parts)


def row(path: Place, pictures: Pictures, title: str = "", size: int = 128, columns: int = 0) -> Path:
    """Pictures side by side, each under its name: a mapping, or names and matrices in pairs; `columns` 0 = one row."""
    pairs = list(pictures.items() if isinstance(pictures, Mapping) else pictures)
    columns = columns or max(1, len(pairs))
    shapes = [np.asarray(array).shape[:2] for _, array in pairs]
    scales = [size / max(shape) for shape in shapes]
    tallest = max(scale * shape[0] for scale, shape in zip(scales, shapes, strict=True))
    step, line, top, parts = size + 16, tallest + 34, 34 if title else 4, []
    for place, (name, array) in enumerate(pairs):
        x, y, scale = place % columns * step, place // columns * line + top, scales[place]
        (tall, wide), data = shapes[place], b64encode(png_bytes(coloured(array))).decode()
        box = f'x="{x}" y="{y + 18:g}" width="{scale * wide:g}" height="{scale * tall:g}"'
        parts.append(f'<text class="small" x="{x}" y="{y + 12:g}">{escape(str(name))}</text>')
        parts.append(f'<image {box} href="data:image/png;base64,{data}"/>')
    rows = -(-len(pairs) // columns)
    return _svg(path, title, max(min(columns, len(pairs)) * step - 16, 9 * len(title)), rows * line + top - 16, parts)


def lines(path: Place, series: Mapping[str, Curve], title: str = "", x: str = "", y: str = "") -> Path:
    """Curves by name: each a list of numbers for 1, 2, 3 …, or a pair of such lists, where it is and how high."""
    curves = {name: _curve(each) for name, each in series.items()}
    left, right = _span(at for at, _ in curves.values())
    low, high = _span(ys for _, ys in curves.values())
    low = 0.0 if 0 < low < high / 3 else low  # nearly at the ground: show the ground
    parts = _axes((left, right), (low, high), x, y)
    for place, (name, (at, ys)) in enumerate(curves.items()):
        across, up = 64 + 440 * (at - left) / (right - left), 296 - 240 * (ys - low) / (high - low)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, up, strict=True) if np.isfinite(b))
        ink = INKS[place % len(INKS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="2"/>')
        parts.append(f'<rect x="520" y="{56 + 22 * place}" width="14" height="4" fill="{ink}"/>')
        parts.append(f'<text x="540" y="{62 + 22 * place}">{escape(str(name))}</text>')
    return _svg(path, title, 540 + 8 * max(map(len, map(str, curves))), 346, parts)


def bars(path: Place, values: Mapping[str, float], title: str = "", decimals: int | None = None) -> Path:
    """A bar for each name, from 0 to its number."""
    start = 16 + 8 * max(map(len, map(str, values)))
    most, parts = max(map(abs, values.values())) or 1, []
    for place, (name, value) in enumerate(values.items()):
        y, wide, ink = 34 + 28 * place, 300 * abs(value) / most, INKS[0 if value >= 0 else 1]
        parts.append(f'<text class="end" x="{start - 8}" y="{y + 15}">{escape(str(name))}</text>')
        parts.append(f'<rect x="{start}" y="{y}" width="{wide:.1f}" height="20" fill="{ink}"/>')
        parts.append(f'<text x="{start + wide + 6:.1f}" y="{y + 15}">{_number(value, decimals)}</text>')
    return _svg(path, title, max(start + 370, 9 * len(title)), 34 + 28 * len(values), parts)


def coloured(given: ArrayLike) -> Bytes:
    """The matrix as rows × columns × red, green, blue."""
    array = np.asarray(given)
    if array.dtype == np.uint8:
        return array if array.ndim == 3 and array.shape[2] == 3 else np.repeat(array.reshape(*array.shape[:2], 1), 3, 2)
    share = (array / (np.abs(array).max() or 1)).reshape(*array.shape[:2], 1)
    shades: Numbers = WHITE + np.abs(share) * (np.where(share < 0, BLUE, RED) - WHITE)
    return shades.round().astype(np.uint8)


def png_bytes(given: ArrayLike, scale: int = 1) -> bytes:
    """A PNG: its size, and the rows of pixels, each begun with a 0, compressed."""
    array = coloured(given).repeat(scale, 0).repeat(scale, 1)
    head = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 8, 2, 0, 0, 0)  # 8 bits each of three colours
    rows = b"".join(b"\0" + line.tobytes() for line in array)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _curve(each: Curve) -> tuple[Numbers, Numbers]:
    if isinstance(each, tuple):
        return np.asarray(each[0], float), np.asarray(each[1], float)
    return np.arange(1, len(each) + 1, dtype=float), np.asarray(each, float)


def _span(several: Iterable[Numbers]) -> tuple[float, float]:
    together = np.concatenate(list(several))
    together = together[np.isfinite(together)]
    low, high = (together.min(), together.max()) if together.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _axes(across: tuple[float, float], up: tuple[float, float], x: str, y: str) -> list[str]:
    parts = ['<path class="faint" d="M64 296H504"/>']
    for value in _ticks(*up):
        down = 296 - 240 * (value - up[0]) / (up[1] - up[0])
        parts.append(f'<path class="faint" d="M64 {down:.1f}H504"/>')
        parts.append(f'<text class="small end" x="58" y="{down + 4:.1f}">{_number(value)}</text>')
    for value in _ticks(*across):
        right = 64 + 440 * (value - across[0]) / (across[1] - across[0])
        parts.append(f'<path class="faint" d="M{right:.1f} 296v5"/>')
        parts.append(f'<text class="small middle" x="{right:.1f}" y="315">{_number(value)}</text>')
    parts.append(f'<text class="small middle" x="284" y="336">{escape(x)}</text>')
    parts.append(f'<text class="small" x="64" y="44">{escape(y)}</text>')
    return parts


def _ticks(low: float, high: float) -> Numbers:
    """Round numbers between the two, four to seven of them or so."""
    power = 10.0 ** np.floor(np.log10((high - low) / 4))
    step = next(power * times for times in (1, 2, 5, 10) if (high - low) / (power * times) <= 7)
    ticks: Numbers = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    return ticks


def _number(value: float, decimals: int | None = None) -> str:
    if decimals is None:
        return f"{value:z.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:z.{decimals}f}"


def _svg(path: Place, title: str, width: float, height: float, parts: list[str]) -> Path:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 32:g}" height="{height + 24:g}"'
    head += f' viewBox="-16 -4 {width + 32:g} {height + 24:g}" role="img"><title>{escape(title)}</title>'
    ground = '<rect class="ground" x="-16" y="-4" width="100%" height="100%" rx="8"/>'
    name = f'<text class="title" x="0" y="20">{escape(title)}</text>' if title else ""
    return _written(path, f"{head}<style>{STYLE}</style>{ground}{name}{''.join(parts)}</svg>\n".encode())


def _written(place: Place, data: bytes) -> Path:
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
