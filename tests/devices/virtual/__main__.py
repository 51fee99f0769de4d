"""scripts/virtual_key: a virtual USB key or social security card in a virtual reader, for tests and training only."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counter_tui.devices.keys.training import TRAINING_PIN
from tests.devices.readers import reader_lock, service_runs, started
from tests.devices.virtual.issue import UnfitKey, key_card, pkcs12_holding, training_holding
from tests.devices.virtual.piv import Piv, Slot
from tests.devices.virtual.social import social_card
from tests.devices.virtual.vpcd import PORTS, VirtualReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from tests.devices.virtual.card import Card
    from tests.devices.virtual.piv import Holding

SLOTS = {
    "both": (Slot.AUTHENTICATION, Slot.SIGNATURE),
    "9a": (Slot.AUTHENTICATION,),
    "9c": (Slot.SIGNATURE,),
}
PUK = "12345678"


def main() -> None:
    """Insert the card that was asked for, then pull and insert it as the operator says."""
    asked = _asked()
    _say("仅供测试与演练：虚拟卡的私钥以明文放在内存中，vpcd 在所有网卡上监听，请勿在业务终端上使用。")
    card, what = _card(asked)
    with _service(start=asked.pcscd):
        reader = VirtualReader(PORTS[asked.reader])
        try:
            reader.insert(card)
        except OSError:
            sys.exit("没有虚拟读卡器：正在运行的 pcscd 没有加载 vpcd，请安装 vsmartcard-vpcd 后重新启动 pcscd")
        _say(f"已插入读卡器 {asked.reader}：{what}")
        _obey(reader, card)


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def _obey(reader: VirtualReader, card: Card) -> None:
    _say("p 拔出　i 插入　q 结束，按回车执行：")
    for line in sys.stdin:
        match line.strip().lower():
            case "p":
                reader.remove()
                _say("已拔出")
            case "i":
                reader.insert(card)
                _say("已插入")
            case "q":
                break
            case _:
                _say("请输入 p、i 或 q")
    reader.remove()


def _card(asked: argparse.Namespace) -> tuple[Card, str]:
    if asked.social_card:
        return social_card(), "社会保障卡（张䶮，虚构）"
    holding, what = _holding(asked)
    pin = asked.pin or TRAINING_PIN
    piv = Piv(dict.fromkeys(SLOTS[asked.slot], holding), pin=pin, puk=PUK, pin_tries=asked.tries, puk_tries=asked.tries)
    return key_card(piv, extended=asked.extended), f"{what}，PIN {pin}，PUK {PUK}"


def _holding(asked: argparse.Namespace) -> tuple[Holding, str]:
    try:
        if asked.pkcs12:
            return pkcs12_holding(asked.pkcs12, getpass.getpass("PKCS#12 文件口令：")), asked.pkcs12.name
        return training_holding(asked.data_dir / "keys", asked.operator), f"演练柜员 {asked.operator}"
    except FileNotFoundError as missing:
        sys.exit(
            f"找不到 {missing.filename}：演练密钥在首次运行 scripts/counter demo --data-dir {asked.data_dir} 时生成"
        )
    except (UnfitKey, ValueError):
        sys.exit("口令不对，或文件中没有 P-256、RSA-2048 密钥及其证书")


@contextmanager
def _started() -> Iterator[None]:
    """A pcscd of our own, for as long as somebody trains; what tests would skip for ends the command."""
    with ExitStack() as ends:
        with reader_lock():
            ends.enter_context(started())
        yield


def _service(*, start: bool) -> AbstractContextManager[None]:
    if service_runs():
        return nullcontext()
    if not start:
        sys.exit("读卡服务未启动：请启动 pcscd（需已安装 vsmartcard-vpcd），或以 root 加 --pcscd 由本命令启动")
    return _started()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/virtual_key", description="虚拟证书介质或社保卡，仅供测试与演练。")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--data-dir", type=Path, metavar="DIR", help="演练数据目录，取其中 keys/ 下的演练密钥")
    whose.add_argument("--pkcs12", type=Path, metavar="FILE", help="PKCS#12 文件（P-256 或 RSA-2048），口令另行输入")
    whose.add_argument("--social-card", action="store_true", help="改为插入一张虚构的社会保障卡")
    parser.add_argument("--operator", default="0007", metavar="NUMBER", help="演练柜员号，默认 0007")
    parser.add_argument("--slot", choices=SLOTS, default="both", help="密钥放入 9A、9C 或两处，默认两处")
    parser.add_argument("--reader", type=int, choices=range(len(PORTS)), default=0, help="读卡器 0 或 1，默认 0")
    parser.add_argument("--pin", metavar="PIN", help=f"卡的 PIN，默认 {TRAINING_PIN}")
    parser.add_argument("--tries", type=int, choices=range(3, 7), default=6, help="PIN 与 PUK 可试次数，默认 6")
    parser.add_argument("--extended", action="store_true", help="接受扩展长度命令")
    parser.add_argument(
        "--pcscd", action="store_true", help="没有读卡服务时由本命令启动 pcscd（需 root），结束时一并停止"
    )
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(os.EX_OK)
    except pytest.skip.Exception as missing:
        sys.exit(f"无法启动读卡服务：{missing.msg}")
