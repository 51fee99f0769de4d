"""A robot that types records in bursts, and an oracle that knows what must have been saved."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

from tests.wire.terminal import KEYS, TEN_FIELDS, Terminal

if TYPE_CHECKING:
    from pathlib import Path

ALL_KEYS = 10_000
NAMES = ("张三", "李四", "欧阳修", "王𠮷", "买买提·吐尔逊", "赵六")


class Robot:
    """Keys of random records and what they must become."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.keys: list[str] = []
        self.expected: list[object] = []

    def record(self) -> None:
        pick = self.random
        values = [""] * 10
        for place in range(9):
            if place == 1 and pick.random() < 0.1:  # a look-up that fills the next field and moves on
                self.keys += ["7", "7", KEYS["enter"]]
                values[1], values[2] = "77", "查到"
                continue
            if place == 2 and values[2]:
                continue
            values[place] = self.field(place)
        code, name = pick.choice((("11", "在职转退休"), ("12", "解除合同"), ("13", "死亡")))
        self.keys += [*code]
        if pick.random() < 0.5:
            self.keys.append(KEYS["enter"])
            values[9] = f"{code} {name}"
        else:
            values[9] = code
        if pick.random() < 0.15:  # another screen and back
            amount = str(pick.randrange(1, 10**6))
            self.keys += [KEYS["f7"], *amount, KEYS["f2"]]
            self.expected += [{"second": amount}]
        self.keys.append(KEYS["f2"])
        self.expected.append(values)

    def field(self, place: int) -> str:
        pick = self.random
        if place == 3 and pick.random() < 0.3:
            self.keys.append("*")
            return "88"
        text = pick.choice(NAMES) if place in (0, 2) else str(pick.randrange(78, 10**6))
        typed = [*text]
        if pick.random() < 0.1:  # a slip of the finger
            typed = [*text[:1], "9", KEYS["backspace"], *text[1:]]
        self.keys += typed
        self.keys.append(KEYS[pick.choice(("enter", "enter", "enter", "tab", "down"))])
        if pick.random() < 0.05:  # back and forth; what stands there is selected, not lost
            self.keys += [KEYS["up"], KEYS["down"]]
        return text

    def bursts(self) -> list[str]:
        bursts, left = [], self.keys[:]
        while left:
            size = self.random.choice((1, 1, 2, 5, 20, 100, 400))
            bursts.append("".join(left[:size]))
            del left[:size]
        return bursts


def test_what_is_typed_goes_where_it_was_meant_however_fast(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - to repeat a failure
    robot = Robot(seed)
    while len(robot.keys) < ALL_KEYS:
        robot.record()
    out = tmp_path / "out"
    with Terminal() as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗", environment={"TEN_FIELDS_OUT": str(out)})
        begun = time.monotonic()
        for burst in robot.bursts():
            terminal.types(burst)
            terminal.idles(robot.random.choice((0, 0, 0.001, 0.02)))
        while (done := out.read_text().count("\n") if out.exists() else 0) < len(robot.expected):
            terminal.idles(0.1)
            assert time.monotonic() - begun < 90, f"{done} of {len(robot.expected)}\n{terminal.text}"
    saved = [json.loads(line) for line in out.read_text().splitlines()]
    saved = [row for row in saved if "draft" not in row]
    for place, (got, meant) in enumerate(zip(saved, robot.expected, strict=False)):
        assert got == meant, f"record {place}, seed {seed}"
    assert len(saved) >= len(robot.expected)


def test_a_question_is_never_answered_by_keys_typed_ahead() -> None:
    with Terminal() as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗")
        terminal.sends("张三" + KEYS["f6"] + KEYS["f6"] + KEYS["f6"])
        assert "再按一次 F6 确认" in terminal.reads(22)
        assert "张三" in terminal.reads(2)
        terminal.idles(0.4)
        terminal.presses("f6")
        assert "张三" not in terminal.reads(2)


def test_a_refused_save_drops_what_was_typed_for_the_next_record() -> None:
    with Terminal() as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗")
        answer = terminal.sends("bad" + KEYS["f2"] + "next" + KEYS["enter"] + "55")
        assert b"\x07" in answer
        terminal.waits("第一栏不能是 bad")
        assert "键未收" in terminal.reads(22)
        assert terminal.reads(2).endswith("bad")


def test_after_a_stop_printing_keys_ring_until_it_is_reset() -> None:
    with Terminal() as terminal:
        terminal.opens(TEN_FIELDS, until="3号窗")
        terminal.presses("f5")
        assert "1/2 栏目1" in terminal.reads(22)
        assert b"\x07" in terminal.sends("5")
        assert terminal.reads(3).endswith("：")
        terminal.presses("enter")
        terminal.sends("5")
        assert terminal.reads(3).endswith("：5")
        terminal.presses("f5")
        assert "2/2 栏目4" in terminal.reads(22)
