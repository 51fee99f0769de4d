"""A social security card fills the field under the cursor as if its number had been typed and Enter pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counter_tui.domain.text import plain
from screens.widgets.field_input import FieldInput

if TYPE_CHECKING:
    from counter_tui.services.social_card import SocialCard
    from screens.business import BusinessScreen

_HINT: Final = "；空栏按 {key} 读社保卡"
READ_CARD: Final = "读社保卡"
"""How the act is called where it is one of several."""


def reads_cards(screen: BusinessScreen) -> bool:
    """Whether a card may fill a field of this screen."""
    return screen.counter.social_cards is not None and any(field.from_card for field in screen.query(FieldInput))


def card_field(screen: BusinessScreen) -> FieldInput | None:
    """The field under the cursor, when a card may fill it: one for a person's number in which nothing stands."""
    field = screen.focused
    if screen.counter.social_cards is None or not isinstance(field, FieldInput) or not field.from_card:
        return None
    return None if plain(field.value) else field


def say_in_hints(screen: BusinessScreen) -> None:
    """Name the key that reads the card, on the hint row of each field that it may fill."""
    if screen.counter.social_cards is None:
        return
    said = _HINT.format(key=screen.desk.keymap.name("look"))
    for field in screen.query(FieldInput):
        if field.from_card and not field.hint.endswith(said):
            field.hint += said


def fill_from_card(screen: BusinessScreen) -> bool:
    """Read the card into the field under the cursor; keys wait until its number stands there.

    A card that cannot be read changes nothing. False when the field is none that a card may fill.
    """
    field, cards = card_field(screen), screen.counter.social_cards
    if field is None or cards is None:
        return False

    async def filled(card: SocialCard) -> None:
        field.type_in(card.number)
        screen.holder_told(field, card.name)
        until = f"（有效期至 {card.valid_until}，已过期）" if cards.expired(card) else ""
        screen.say(f"已读社保卡 {card.name}{until}，请核对持卡人")
        await screen.act_enter()

    screen.say("正在读社保卡，请稍候")
    screen.work_held(cards(), filled)
    return True
