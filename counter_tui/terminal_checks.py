"""What only the hand at the keyboard can show: keys pressed once, a name from the input method, the way there and back.

Each step has a time limit and Esc skips it: nothing here waits for ever.
"""

from __future__ import annotations

import math
import os
import re
import select
import termios
import time
import tty
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counter_tui.domain.text import safe
from counter_tui.findings import Finding
from counter_tui.terminal import encoding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

KEY_SECONDS: Final = 15.0
NAME_SECONDS: Final = 30.0
"""Seconds that a step waits for its key, or for the whole name."""
QUIET_SECONDS: Final = 0.2
"""A key is over when nothing came for so long: slow lines tear its bytes apart."""
NAME: Final = "张三"
TRIPS: Final = 20
SLOW_MS: Final = 100
"""Milliseconds there and back that 95 of 100 keys must not exceed."""
_ANSWER_SECONDS: Final = 1.0
_MOST_BYTES: Final = 64
"""Bytes of one step; a key held down ends there."""
_ESCAPE: Final = b"\x1b"
_CURSOR_REPORT: Final = re.compile(rb"\x1b\[\d+;\d+R")
_OTHER_CHARSET: Final = {"utf-8": "gb18030", "gb18030": "utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStep:
    """A key to be pressed once, the bytes that the counter understands, and what to set when others come."""

    name: str
    codes: tuple[bytes, ...]
    cure: str
    sco: bytes = b""
    """What PuTTY's SCO mode sends: understood, but some other keys of that mode are not."""

    def fits(self, sent: bytes) -> bool:
        """Whether it was this key, pressed once or several times."""
        return any(not sent.replace(code, b"") for code in self.codes)


_FUNCTION_KEYS: Final = (
    "请在 SSH 客户端中把功能键设为 Xterm 方式（PuTTY：终端→键盘→功能键和小键盘，选 Xterm R6），"
    "并取消终端窗口自己对该键的占用"
)
KEYS: Final = (
    KeyStep(name="F2", codes=(b"\x1bOQ", b"\x1b[12~", b"\x1b[[B"), sco=b"\x1b[N", cure=_FUNCTION_KEYS),
    KeyStep(name="F12", codes=(b"\x1b[24~",), sco=b"\x1b[X", cure=_FUNCTION_KEYS),
    KeyStep(
        name="小键盘的 *",
        codes=(b"*", b"\x1bOj", "＊".encode(), "＊".encode("gb18030")),
        cure="请按 NumLock，并在 SSH 客户端中停用应用小键盘模式（PuTTY：终端→功能，勾选“禁用应用小键盘模式”）",
    ),
    KeyStep(
        name="退格键",
        codes=(b"\x7f", b"\x08"),
        cure="请在 SSH 客户端中把退格键设为 Control-?（127）（PuTTY：终端→键盘→退格键）",
    ),
)


class Keyboard:
    """The terminal while it is tried out: bytes come as they are sent, nothing is echoed by itself."""

    def __init__(self, source: int, sink: int, charset: str) -> None:
        """Read from one descriptor of the terminal and write to another; both may be the same."""
        self._source = source
        self._sink = sink
        self._charset = charset
        self._saved: list[Any] = []

    def __enter__(self) -> Self:
        self._saved = termios.tcgetattr(self._source)
        tty.setcbreak(self._source, termios.TCSAFLUSH)
        return self

    def __exit__(self, *_: object) -> None:
        termios.tcsetattr(self._source, termios.TCSAFLUSH, self._saved)

    def shows(self, text: str) -> None:
        """Write over the line the cursor stands in."""
        self._writes(b"\r\x1b[K" + text.encode(self._charset, errors="replace"))

    def key(self, seconds: float) -> bytes:
        """What one key sends; empty when none was pressed in time."""
        sent = self._read(seconds)
        while sent and len(sent) < _MOST_BYTES and (more := self._read(QUIET_SECONDS)):
            sent += more
        return sent

    def name(self, asked: str, seconds: float) -> bytes:
        """What was typed up to Enter, shown as it comes; Esc alone is returned at once."""
        typed, end = b"", time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and (sent := self.key(left)):
            if sent == _ESCAPE:
                return sent
            typed += sent
            line, enter, _ = typed.replace(b"\n", b"\r").partition(b"\r")
            if enter or len(line) > _MOST_BYTES:
                return line
            self.shows(asked + safe(_edited(line.decode(self._charset, errors="replace"))))
        return typed

    def trip(self) -> float | None:
        """Milliseconds from a request for the cursor's place to its answer; None when there is none."""
        answer, started = b"", time.monotonic()
        self._writes(b"\x1b[6n")
        while not _CURSOR_REPORT.search(answer):
            left = started + _ANSWER_SECONDS - time.monotonic()
            if left <= 0 or not (sent := self._read(left)):
                return None
            answer += sent
        return (time.monotonic() - started) * 1000

    def forget(self) -> None:
        """Drop what was typed ahead."""
        termios.tcflush(self._source, termios.TCIFLUSH)

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._source], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._source, _MOST_BYTES)
        except OSError:  # the line dropped: as if nobody pressed a key
            return b""

    def _writes(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._sink, data) :]


def _edited(text: str) -> str:
    """Typed text without what was taken back."""
    while (shorter := re.sub(r"(?:[^\x7f\x08]|^)[\x7f\x08]", "", text, count=1)) != text:
        text = shorter
    return text


def try_out(
    source: int = 0, sink: int = 1, *, key_seconds: float = KEY_SECONDS, name_seconds: float = NAME_SECONDS
) -> Iterator[Finding]:
    """Ask for each key, then for the name, then measure the line; a finding after each step.

    Args:
        source: descriptor of the terminal to read from.
        sink: descriptor to write to.
        key_seconds: how long each key is waited for.
        name_seconds: how long the name is waited for.
    """
    charset = encoding()
    with Keyboard(source, sink, charset) as keyboard:
        for step in KEYS:
            keyboard.forget()
            keyboard.shows(f"请按一次 {step.name}（{key_seconds:.0f} 秒内，Esc 跳过）：")
            sent = keyboard.key(key_seconds)
            keyboard.shows("")
            yield judged_key(step, sent)
        keyboard.forget()
        asked = f"请用输入法输入 {NAME} 并回车（{name_seconds:.0f} 秒内，Esc 跳过）："
        keyboard.shows(asked)
        typed = keyboard.name(asked, name_seconds)
        keyboard.shows("")
        yield judged_name(typed, charset)
        keyboard.forget()
        times: list[float] = []
        while len(times) < TRIPS and (took := keyboard.trip()) is not None:
            times.append(took)
        keyboard.shows("")
        yield judged_trips(times)


def judged_key(step: KeyStep, sent: bytes) -> Finding:
    """Whether the terminal sends a key as the counter reads it."""
    if sent == _ESCAPE:
        return Finding(good=True, text=f"{step.name}：已跳过")
    if not sent:
        return Finding(good=False, text=f"没有收到 {step.name}", cure=step.cure)
    if step.fits(sent.rstrip(b"\r\n")):
        return Finding(good=True, text=f"{step.name} 已收到")
    if step.sco and not sent.rstrip(b"\r\n").replace(step.sco, b""):
        return Finding(good=False, text=f"{step.name} 是 SCO 方式，F3 和 PgUp、PgDn 不能用", cure=step.cure)
    shown = safe(sent.decode("ascii", errors="replace"))
    return Finding(good=False, text=f"{step.name} 发来的是 {shown}，本程序不认识", cure=step.cure)


def judged_name(typed: bytes, charset: str) -> Finding:
    """Whether Chinese from the input method arrives in the charset the counter reads."""
    if typed == _ESCAPE:
        return Finding(good=True, text="中文输入：已跳过")
    text = _edited(typed.decode(charset, errors="replace")).strip()
    if text == NAME:
        return Finding(good=True, text=f"中文输入：收到 {NAME}")
    other = _OTHER_CHARSET[charset]
    if _edited(typed.decode(other, errors="replace")).strip() == NAME:
        return Finding(
            good=False,
            text=f"终端按 {other.upper()} 发送汉字，本程序按 {charset.upper()} 读取",
            cure=f"请把 SSH 客户端的字符集设为 {charset.upper()}（PuTTY：窗口→转换→远程字符集），"
            f"或设置 COUNTER_TERM_ENCODING={other}",
        )
    told = f"收到“{safe(text)}”，不是 {NAME}" if text else f"没有收到 {NAME}"
    return Finding(
        good=False,
        text=f"中文输入：{told}",
        cure=f"请切换到中文输入法再试；SSH 客户端的字符集须为 {charset.upper()}（PuTTY：窗口→转换→远程字符集）",
    )


def judged_trips(times: list[float]) -> Finding:
    """Whether a key is answered before the hand waits for it.

    Args:
        times: milliseconds of each trip; fewer than 20 when one was not answered.
    """
    if len(times) < TRIPS:
        return Finding(
            good=False,
            text=f"往返时间：{TRIPS} 次中第 {len(times) + 1} 次在 {_ANSWER_SECONDS:.0f} 秒内没有回答",
            cure="请检查线路；在 SSH 客户端中允许终端应答光标位置，终端类型设为 xterm-256color",
        )
    ordered = sorted(times)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return Finding(
        good=p95 <= SLOW_MS,
        text=f"往返时间：{TRIPS} 次，中位 {ordered[len(ordered) // 2]:.0f} 毫秒，95% 在 {p95:.0f} 毫秒内",
        cure=f"超过 {SLOW_MS} 毫秒，录入会觉得迟缓；请检查线路，"
        "并在 SSH 客户端中停用 Nagle 算法、启用压缩（PuTTY：连接；ssh -C）",
    )
