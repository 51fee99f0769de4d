"""The question before a PIN is sent to a key with two tries left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui.services.signing import ConfirmTries
from screens.base import CounterScreen
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from counter_tui.services.signing import SigningOn


class MindsTries(CounterScreen):
    """A screen that asks for PINs: a refusal that is a warning becomes a question."""

    @property
    def keys_port(self) -> SigningOn:
        """Where keys are asked."""
        raise NotImplementedError

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, ConfirmTries):
            super()._refused(error)
            return
        self.desk.bell()
        self.ask(
            error.sentence, "enter", lambda: self.book(self.keys_port.confirm_tries(error.fingerprint), self._confirmed)
        )

    def _confirmed(self, _: None) -> None:
        pins = [field for field in self.fields() if isinstance(field, PinField)]
        if pins and not isinstance(self.focused, PinField):
            self.go_to(pins[0])
        self.say("请重新输入 PIN，仔细核对后按回车", Grade.QUESTION)
