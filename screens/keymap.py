"""The one table of keys: key bar, help, dispatch and tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from counter_tui.errors import CounterError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(StrEnum):
    """Kinds of screens among which a key may differ in what it does, never in what it is for."""

    ENTRY = "录入"
    GRID = "表格"
    LIST = "列表"
    REVIEW = "复核"
    PREVIEW = "预览"
    HOME = "首页"


class BadKey(CounterError):
    """快捷键设置有误：{action} 不能设为 {key}，{why}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAction:
    """What one key is for."""

    id: str
    key: str
    label: str
    help: str
    places: Mapping[Place, str]
    """What it does on each kind of screen; a kind that is missing has no use for the key."""


def _action(id: str, key: str, label: str, help: str, **places: str) -> KeyAction:  # noqa: A002 - the words of the table
    return KeyAction(
        id=id,
        key=key,
        label=label,
        help=help,
        places=MappingProxyType({Place[name.upper()]: text for name, text in places.items()}),
    )


ACTIONS: Final[tuple[KeyAction, ...]] = (
    _action(
        "help",
        "f1",
        "帮助",
        "先说明当前栏目，再说明本功能和各键。终端不送 F1 时，在空栏输入 ? 再按回车。",
        entry="栏目说明",
        grid="栏目说明",
        list="本页说明",
        review="本页说明",
        preview="本页说明",
        home="功能说明",
    ),
    _action(
        "save",
        "f2",
        "保存",
        "核对全部栏目并保存到本机，随后可录下一笔。",
        entry="保存，清空后录下一笔",
        grid="保存整批",
        preview="存为文件",
    ),
    _action(
        "look",
        "f4",
        "查看",
        "看当前栏目背后的内容：代码表、人员查找、金额的计算过程、隐去的号码；在空的证件号码栏读社保卡。",
        entry="代码表、查找、计算过程",
        grid="代码表、查找、计算过程",
        list="打开所在行",
        review="变更前后对照",
        preview="金额的计算过程",
        home="查找功能",
    ),
    _action(
        "query",
        "f5",
        "查询",
        "按条件查询或刷新。",
        entry="重新查找",
        grid="重新计算",
        list="查询或刷新",
        review="刷新待办",
        preview="在正文中查找",
        home="刷新待办数",
    ),
    _action(
        "clear",
        "f6",
        "清除",
        "收回：清除、删除、不通过。会丢失内容时再问一次。",
        entry="清本栏，再按清全表",
        grid="清本行，再按清整批",
        list="重置条件，或删除本人的一行",
        review="不通过",
        home="清除",
    ),
    _action(
        "switch",
        "f7",
        "切换",
        "在录入与申报结果、列表与明细之间来回；登录页和首页：修改介质 PIN 或解锁。",
        entry="录入与申报结果",
        grid="表格与单笔",
        list="列表与明细",
        review="列表与明细",
        preview="单页与打印目录",
        home="修改介质 PIN、解锁",
    ),
    _action(
        "send",
        "f8",
        "提交",
        "往下送：提交、核定、通过、主管授权。",
        entry="主管授权",
        list="提交、核定、立即发送",
        review="通过，转下一笔",
    ),
    _action(
        "print",
        "f9",
        "打印",
        "打印回执、列表或当前文书。",
        entry="上一笔的回执",
        grid="各行清单",
        list="打印或导出",
        review="处理单",
        preview="打印",
    ),
    _action(
        "back",
        "f12",
        "返回",
        "离开本页；草稿保留。首页连按两次锁定。",
        entry="返回首页，草稿保留",
        grid="返回首页，草稿保留",
        list="返回首页或退出明细",
        review="退回待办，返回首页",
        preview="返回",
        home="连按两次锁定",
    ),
    _action(
        "enter",
        "enter",
        "回车",
        "确认本栏并到下一栏；在列表中打开所在行。",
        entry="下一栏，号码栏先查找",
        grid="下一格、下一行、新行",
        list="打开所在行",
        review="打开",
        preview="下一页",
        home="进入所输路径",
    ),
    _action(
        "next",
        "tab",
        "下一栏",
        "到下一栏。",
        entry="下一栏",
        grid="下一格",
        list="下一栏",
        review="下一栏",
        home="下一项",
    ),
    _action(
        "previous",
        "shift+tab",
        "上一栏",
        "到上一栏。",
        entry="上一栏",
        grid="上一格",
        list="上一栏",
        review="上一栏",
        home="上一项",
    ),
    _action(
        "down",
        "down",
        "向下",
        "下一栏或下一行。",
        entry="下一栏",
        grid="下一行",
        list="下一行",
        review="下一行",
        preview="下一行",
        home="下一项",
    ),
    _action(
        "up",
        "up",
        "向上",
        "上一栏或上一行。",
        entry="上一栏",
        grid="上一行",
        list="上一行",
        review="上一行",
        preview="上一行",
        home="上一项",
    ),
    _action(
        "page_down",
        "pagedown",
        "下页",
        "下一段或下一页。",
        entry="下一段",
        grid="下 20 行",
        list="下一页",
        review="下一页",
        preview="下一页",
        home="菜单下一页",
    ),
    _action(
        "page_up",
        "pageup",
        "上页",
        "上一段或上一页。",
        entry="上一段",
        grid="上 20 行",
        list="上一页",
        review="上一页",
        preview="上一页",
        home="菜单上一页",
    ),
    _action(
        "escape",
        "escape",
        "取消",
        "关闭小窗、撤回提问、解除提示。从不离开本页。",
        entry="关闭、撤回、解除",
        grid="关闭、撤回、解除",
        list="关闭、撤回、解除",
        review="关闭、撤回、解除",
        preview="关闭、撤回、解除",
        home="关闭、撤回、解除",
    ),
)

BY_ID: Final[Mapping[str, KeyAction]] = MappingProxyType({action.id: action for action in ACTIONS})

BAR: Final = ("help", "save", "look", "query", "clear", "switch", "send", "print", "back")
"""Actions of the key bar, in their fixed places."""

MOVABLE_KEYS: Final = frozenset({*(f"f{number}" for number in range(1, 11)), "f12"})
"""Keys that settings may use. F11, modifiers and letters never arrive everywhere or are data."""

_DOUBLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "standard": MappingProxyType({"f3": "query", "f10": "back"}),
        "5250": MappingProxyType({"f3": "back", "f10": "back"}),
    }
)
"""Second keys for an action, never the only way: some terminals eat them."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Which key does what at this counter."""

    actions: Mapping[str, str]
    """Key → action id, doubles included."""
    keys: Mapping[str, str]
    """Action id → the key to name on bar and in help."""

    @classmethod
    def read(cls, overrides: Mapping[str, str] | None = None) -> KeyMap:
        """The map of settings `[keys]`: `map = "standard" | "5250"`, and any `action = "f3"`.

        Raises:
            BadKey: an unknown action or map, a key that is no plain F-key (or F11), or one key for two actions.
        """
        chosen = dict(overrides or {})
        ready = chosen.pop("map", "standard")
        if ready not in _DOUBLES:
            raise BadKey(action="map", key=ready, why="只有 standard 和 5250 两套")
        keys = {action.id: action.key for action in ACTIONS}
        for action, key in chosen.items():
            keys[action] = _movable(action, key)
        actions: dict[str, str] = {}
        for action, key in keys.items():
            if (other := actions.setdefault(key, action)) != action:
                raise BadKey(action=BY_ID[action].label, key=key.upper(), why=f"该键已用于{BY_ID[other].label}")
        for key, action in _DOUBLES[ready].items():
            actions.setdefault(key, action)
        return cls(MappingProxyType(actions), MappingProxyType(keys))

    def name(self, action: str) -> str:
        """How the key of an action is written for the clerk: F2, 回车, PgDn."""
        key = self.keys[action]
        return _NAMES.get(key, key.upper())


def _movable(action: str, key: str) -> str:
    if action not in BY_ID:
        raise BadKey(action=action, key=key, why="没有这个功能名")
    key = key.strip().lower()
    if key not in MOVABLE_KEYS:
        raise BadKey(action=BY_ID[action].label, key=key, why="只能用 F1 至 F10 和 F12，不能用字母或组合键")
    if not BY_ID[action].key.startswith("f"):
        raise BadKey(action=BY_ID[action].label, key=key, why="该键位置固定")
    return key


_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enter": "回车",
        "tab": "Tab",
        "shift+tab": "Shift+Tab",
        "escape": "Esc",
        "pageup": "PgUp",
        "pagedown": "PgDn",
        "up": "上箭头",
        "down": "下箭头",
    }
)
