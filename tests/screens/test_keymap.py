"""The table of keys is a contract."""

from __future__ import annotations

import pytest

from screens.keymap import ACTIONS, BAR, BY_ID, BadKey, KeyMap, Place

FUNCTION_KEYS = {f"f{number}" for number in range(1, 13)}


def test_every_key_has_one_word_one_sentence_and_a_place() -> None:
    for action in ACTIONS:
        assert action.label
        assert action.help.endswith("。")
        assert action.places, action.id
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_no_two_actions_share_a_key() -> None:
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)


def test_no_letter_no_chord_and_no_f11_is_a_command() -> None:
    for ready in ("standard", "5250"):
        for key in KeyMap.read({"map": ready}).actions:
            assert len(key) > 1
            assert not key.startswith(("ctrl", "alt"))
            assert not (key.startswith("shift") and key != "shift+tab")
            assert key != "f11"


def test_f3_and_f10_are_doubles_only_and_f1_has_the_question_mark_beside_it() -> None:
    assert KeyMap.read().actions["f3"] == "query"
    assert KeyMap.read().actions["f10"] == "back"
    assert not {"f3", "f10"} & {action.key for action in ACTIONS}
    assert "?" in BY_ID["help"].help


def test_the_core_keys_mean_what_clerks_learned() -> None:
    assert {action: BY_ID[action].key for action in BAR} == {
        "help": "f1",
        "save": "f2",
        "look": "f4",
        "query": "f5",
        "clear": "f6",
        "switch": "f7",
        "send": "f8",
        "print": "f9",
        "back": "f12",
    }
    assert BY_ID["clear"].places[Place.REVIEW] == "不通过"


def test_a_bureau_that_grew_up_with_5250_leaves_with_f3() -> None:
    keymap = KeyMap.read({"map": "5250"})
    assert keymap.actions["f3"] == "back"
    assert keymap.actions["f12"] == "back"


def test_settings_move_a_key_and_the_bar_names_the_new_one() -> None:
    keymap = KeyMap.read({"save": "F3"})
    assert keymap.actions["f3"] == "save"
    assert "f2" not in keymap.actions
    assert keymap.name("save") == "F3"
    assert KeyMap.read({"save": "f8", "send": "f2"}).actions["f2"] == "send"


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ({"save": "s"}, "不能用字母"),
        ({"save": "ctrl+s"}, "不能用字母或组合键"),
        ({"save": "alt+f2"}, "组合键"),
        ({"save": "shift+f2"}, "组合键"),
        ({"save": "f11"}, "F12"),
        ({"save": "f5"}, "已用于"),
        ({"jump": "f3"}, "没有这个功能名"),
        ({"enter": "f3"}, "位置固定"),
        ({"map": "3270"}, "5250"),
    ],
)
def test_keys_that_would_not_work_are_refused_at_start(keys: dict[str, str], word: str) -> None:
    with pytest.raises(BadKey) as refusal:
        KeyMap.read(keys)
    assert word in refusal.value.sentence
