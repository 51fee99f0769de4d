"""Commands to a card: in pieces where they are long, in the forms that old and new cards take."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from counter_tui.devices.apdus import Exchange, takes_extended
from counter_tui.services.keys import KeyFault


@dataclass
class Script:
    """A card that answers what is written down, in order; the last answer for ever."""

    answers: list[tuple[str, int]]
    atr: bytes = b"\x3b\x00"
    t0: bool = False
    heard: list[str] = field(default_factory=list)

    def transmit(self, apdu: bytes | bytearray) -> tuple[bytes, int]:
        self.heard.append(apdu.hex().upper())
        data, status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return bytes.fromhex(data), status

    def close(self) -> None: ...


YUBIKEY = bytes.fromhex("3BFD1300008131FE158073C021C057597562694B657940")
EXTENDED = bytes.fromhex("3B8580018073C021C0")


def test_a_long_answer_is_fetched_until_all_is_here() -> None:
    card = Script([("AA", 0x6102), ("BBCC", 0x6100), ("DD", 0x9000)])

    assert Exchange(card).ask("试", 0xCB, 0x3F, 0xFF, b"\x5c") == (b"\xaa\xbb\xcc\xdd", 0x9000)
    assert card.heard == ["00CB3FFF015C00", "00C0000002", "00C0000000"]


def test_a_card_that_names_the_right_length_is_asked_again_with_it() -> None:
    card = Script([("", 0x6C05), ("0102030405", 0x9000)])

    assert Exchange(card).fetch("试", 0xB2, 0x01, 0x04) == bytes(range(1, 6))
    assert card.heard == ["00B2010400", "00B2010405"]


def test_a_command_with_a_pin_asks_for_nothing_and_is_never_sent_twice() -> None:
    card = Script([("", 0x6C05)])

    assert Exchange(card).ask("试", 0x20, 0x00, 0x80, b"123456\xff\xff", answers=False) == (b"", 0x6C05)
    assert card.heard == ["0020008008313233343536FFFF"]


def test_long_data_goes_out_in_a_chain_that_ends_with_the_first_refusal() -> None:
    card = Script([("", 0x9000), ("", 0x6985)])

    assert Exchange(card).ask("试", 0x87, 0x07, 0x9A, bytes(600)) == (b"", 0x6985)
    assert [apdu[:10] for apdu in card.heard] == ["1087079AFF", "1087079AFF"]


@pytest.mark.parametrize("size", [1, 255, 256, 510, 511])
def test_the_pieces_of_a_chain_are_the_whole(size: int) -> None:
    card, data = Script([("", 0x9000)]), bytes(number % 251 for number in range(size))
    Exchange(card).ask("试", 0x87, 0x07, 0x9A, data)
    pieces = [bytes.fromhex(apdu) for apdu in card.heard]

    assert b"".join(piece[5 : 5 + piece[4]] for piece in pieces) == data
    assert [piece[0] for piece in pieces] == [0x10] * (len(pieces) - 1) + [0x00]


def test_the_forms_of_old_cards_have_no_length_behind_data_and_always_five_bytes() -> None:
    card = Script([("", 0x9000)], t0=True, atr=EXTENDED)
    exchange = Exchange(card)
    exchange.ask("试", 0xA4, 0x04, 0x00, b"\xa0\x00")
    exchange.ask("试", 0x20, 0x00, 0x80, answers=False)
    exchange.ask("试", 0xB2, 0x01, 0x04)
    exchange.ask("试", 0x87, 0x07, 0x9A, bytes(256))

    assert card.heard[:3] == ["00A4040002A000", "0020008000", "00B2010400"]
    assert [len(apdu) // 2 for apdu in card.heard[3:]] == [260, 6]


@pytest.mark.parametrize("portion", ["", "00" * 250])
def test_an_answer_without_end_is_a_fault(portion: str) -> None:
    with pytest.raises(KeyFault, match="没有尽头"):
        Exchange(Script([(portion, 0x61FF)])).ask("试", 0xCB, 0x3F, 0xFF)


def test_a_refusal_is_a_fault_with_step_and_status_word() -> None:
    with pytest.raises(KeyFault, match="选择应用，6A82"):
        Exchange(Script([("", 0x6A82)])).fetch("选择应用", 0xA4, 0x04, 0x00)


@pytest.mark.parametrize(
    ("atr", "extended"),
    [
        (YUBIKEY, True),
        (EXTENDED, True),
        (bytes.fromhex("3B88018073C02180564B00"), False),
        (bytes.fromhex("3B88010073002140009000"), True),
        (bytes.fromhex("3B80018101"), False),
        (bytes.fromhex("3BFF"), False),
        (bytes.fromhex("3B8301805301"), False),
        (b"", False),
    ],
)
def test_extended_lengths_are_believed_to_the_answer_to_reset(atr: bytes, extended: bool) -> None:  # noqa: FBT001
    assert takes_extended(atr) is extended
