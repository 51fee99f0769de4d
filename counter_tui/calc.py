"""`counter-tui calc`: JSON Lines in, one JSON line out for each; for scripts and for checks by other systems."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from typing import IO, TYPE_CHECKING, Final

from counter_tui.calc_fields import BadField, Fields, OversizedNumber, echo
from counter_tui.calc_kinds import CALCULATIONS, Answer
from counter_tui.domain.calendar import BEIJING
from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

LINE_LIMIT: Final = 64 * 1024
"""Bytes of one line; what is longer is refused unread."""
_MOST_DIGITS: Final = 18
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Unreadable(CounterError):
    """这一行不能读取：{why}"""


class UnknownCalculation(CounterError):
    """没有「{kind}」这种计算，可用的有：{known}"""


class NoStreams(CounterError):
    """没有标准输入或标准输出，请用管道或重定向送入，例如 counter-tui calc < 文件"""


class StreamFault(CounterError):
    """读取输入或写出结果时出错：{why}，请核对输入文件、输出位置和磁盘空间"""


class Unexpected(CounterError):
    """程序意外出错，编号 {number}，请联系管理员；其余各行不受影响"""


def answer(line: bytes, today: date) -> bytes:
    """Answer one line in JSON without line end; what cannot be read or computed is answered with the reason."""
    try:
        result = _computed(line, today)
    except CounterError as refusal:
        result = {"ok": False, "error": refusal.sentence}
    except Exception as error:  # noqa: BLE001  one line must not end the conversation; the log keeps the rest
        result = {"ok": False, "error": Unexpected(number=_noted(error)).sentence}
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def answer_all(lines: IO[bytes], out: IO[bytes], today: Callable[[], date]) -> None:
    """Answer each line as soon as it has come, in order; empty lines are passed over."""
    for line in _lines(lines):
        out.write(answer(line, today()) + b"\n")
        out.flush()


def converse() -> int:
    """Answer standard input on standard output; the exit status.

    0 when every line was read, whatever the answers; 1 when the reader of the answers went away; 2 without an input or
    an output.
    """
    if sys.stdin is None or sys.stdout is None:
        raise NoStreams
    if sys.stdin.isatty() and sys.stderr is not None:
        sys.stderr.write("每行输入一个 JSON，回车后显示结果，Ctrl-D 结束；样例见 counter-tui calc --kinds\n")
    try:
        answer_all(sys.stdin.buffer, sys.stdout.buffer, lambda: datetime.now(BEIJING).date())
    except BrokenPipeError:
        # The interpreter flushes once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as fault:
        raise StreamFault(why=fault.strerror) from None
    return 0


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    """Lines that hold something, without a byte order mark; of a line beyond the limit only its beginning."""
    longest = LINE_LIMIT + len(b"\r\n")
    while line := source.readline(longest):
        rest = line
        while len(rest) == longest and not rest.endswith(b"\n"):
            rest = source.readline(longest)
        if len(line) > LINE_LIMIT or (line := line.removeprefix(_BYTE_ORDER_MARK)).strip():
            yield line


def _computed(line: bytes, today: date) -> Answer:
    if len(line.removesuffix(b"\n").removesuffix(b"\r")) > LINE_LIMIT:
        raise Unreadable(why=f"超过 {LINE_LIMIT} 字节")
    fields = Fields(_object(line))
    kind = fields.text("calc", "计算种类")
    if kind not in CALCULATIONS:
        raise UnknownCalculation(kind=echo(kind), known="、".join(CALCULATIONS))
    return CALCULATIONS[kind].answer(fields, today)


def _object(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line.decode(), object_pairs_hook=_once, parse_int=_whole, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Unreadable(why="不是 UTF-8 编码") from None
    except json.JSONDecodeError as mistake:
        raise Unreadable(why=f"第 {mistake.pos + 1} 个字符处不是 JSON，请核对引号、逗号和括号") from None
    except RecursionError:
        raise Unreadable(why="括号嵌套过深") from None
    if not isinstance(value, dict):
        raise Unreadable(why="应为一个 JSON 对象，以 { 开头，以 } 结尾")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise BadField(name=echo(name), why="出现了两次")
        fields[name] = value
    return fields


def _whole(digits: str) -> int | OversizedNumber:
    return int(digits) if len(digits) <= _MOST_DIGITS else OversizedNumber()


def _refuse_constant(name: str) -> None:
    raise Unreadable(why=f"{name} 不是数字")


def _noted(error: Exception) -> str:
    from counter_tui.faults import FaultLog
    from counter_tui.settings import default_directory

    return FaultLog(default_directory() / "counter.log").write(error)
