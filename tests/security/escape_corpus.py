"""Data that tries to steer a terminal: every kind of escape, in several dresses."""

from __future__ import annotations

from itertools import product

_STRINGS = (
    "52;c;5L2g5a6e",  # clipboard
    "0;审核通过",  # title
    "2;root@host",
    "4;1;rgb:ff/00/00",  # palette
    "8;;file:///etc/passwd",  # link
    "9;notify",
    "10;?",  # question about a colour: the answer would be typed into a field
    "11;?",
    "50;font",
    "777;notify;a;b",
    "1337;File=name=eA==:AAAA",
)
_OPENERS = ("\x1b]", "\x9d", "\x1bP", "\x90", "\x1b_", "\x9f", "\x1b^", "\x9e", "\x1bX", "\x98")
_CLOSERS = ("\x07", "\x1b\\", "\x9c", "")
_CONTROLS = (
    "[2J", "[H", "[1;1H", "[24;1H", "[3J", "[K", "[5n", "[6n", "[c", "[>c", "[?1049h", "[?1049l", "[?2004l", "[?25l",
    "[?5h", "[?1000h", "[31m", "[8m", "[7m", "[0m", "[1L", "[9M", "[5S", "[5T", "[1;5r", "[4h", "[20h", "[21t", "[18t",
    "[>25u", "[?2026h", "[1000b", "[!p", "[?6h", "[5i", "[4i",
)  # fmt: skip
_SHORT = ("c", "7", "8", "D", "E", "M", "H", "#8", "(0", ")0", "%G", "=", ">", "Z", "n", "o", "N", "O")
_SINGLE = tuple(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0)]))
_INVISIBLE = tuple(
    "\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb\U000e0001\U000e0020\U000e007f\U0001d173"
)
_MARKUP = (
    "备注 [/] 张三",
    "[red]红[/red]",
    "[link=x]y[/]",
    "[@click=app.quit]点[/]",
    "[bold",
    "\\[",
    "$(id)",
    "{0}",
    "%s%n",
)

PAYLOADS: tuple[str, ...] = (
    *(f"张{opener}{body}{closer}三" for body, (opener, closer) in product(_STRINGS[:2], product(_OPENERS, _CLOSERS))),
    *(f"张\x1b]{body}\x07三" for body in _STRINGS),
    *(f"张\x1b{control}三" for control in _CONTROLS),
    *(f"张\x9b{control[1:]}三" for control in _CONTROLS),
    *(f"张\x1b{short}三" for short in _SHORT),
    *(f"张{single}三" for single in _SINGLE),
    *(f"张{invisible}三" for invisible in _INVISIBLE),
    *_MARKUP,
)
