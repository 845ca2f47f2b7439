"""Compare and shift colours by their lightness, after WCAG 2. Colours are ``#RRGGBB``."""

from __future__ import annotations

READABLE = 4.5
"""The least contrast of words with what is behind them."""
_STEPS = 20
_LETTERS = ("#20252D", "#FFFFFF")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 (the same) to 21 (black and white)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def letters_on(color: str) -> str:
    """Return the colour, dark or white, in which letters on ``color`` are read best."""
    return max(_LETTERS, key=lambda letters: contrast(letters, color))


def darkened(color: str) -> str:
    """Return ``color`` with a third of black in it."""
    return _hex([channel * 2 / 3 for channel in _channels(color)])


def lightened(color: str, ground: str, least: float, *, letters: str | None = None) -> str:
    """Return ``color`` with as little white as makes it stand out from a dark ``ground``.

    Where ``letters`` are written on it, with no more white than leaves them legible.
    """
    channels = _channels(color)
    mixed = [
        _hex([channel + (255 - channel) * step / _STEPS for channel in channels])
        for step in range(_STEPS + 1)
    ]
    if letters is not None:
        mixed = [one for one in mixed if contrast(one, letters) >= READABLE] or [color]
    return next((one for one in mixed if contrast(one, ground) >= least), mixed[-1])


def _luminance(color: str) -> float:
    shares = (channel / 255 for channel in _channels(color))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(color: str) -> bytes:
    return bytes.fromhex(color.removeprefix("#"))


def _hex(channels: list[float]) -> str:
    return "#" + bytes(round(channel) for channel in channels).hex().upper()
