"""主管授权: a supervisor lets an *ask* problem pass with his key, his PIN and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_tui import jobs
from counter_tui.operations.canonical import builtins, canonical
from screens.tries import MindsTries
from screens.widgets.choice_field import Choice, ChoiceField
from screens.widgets.field_input import FieldInput
from screens.widgets.field_row import FieldRow
from screens.widgets.line import Words
from screens.widgets.message_line import Grade
from screens.widgets.pin_field import PinField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from textual.app import ComposeResult

    from counter_tui.services.keys import PresentKey
    from counter_tui.services.overrides import Override
    from counter_tui.services.signing import SigningOn

_LABEL_CELLS = 10
_REASON_CELLS = 100


class AskSupervisor(MindsTries):
    """The supervisor's key, the reason, his PIN."""

    LABELS = {"send": "授权"}  # noqa: RUF012 - as the base declares it

    def __init__(
        self,
        declaration: Any,
        then: Callable[[Override], None],
        *,
        function: str,
        signing: SigningOn,
        problems: Sequence[str] = (),
    ) -> None:
        """Ask for a supervisor's word on a declaration of a function; `then` is told it after this screen has gone."""
        super().__init__()
        self._content = canonical(builtins(declaration))
        self._function, self._then = function, then
        self._signing = signing
        self._let_pass = tuple(problems)
        self._under_way = False
        self._keys: dict[str, str] = {}
        self._key = ChoiceField("key", (), cells=40, hint="插入主管的证书介质，输入序号选择；F5 重新读取")
        self._reason = FieldInput("reason", cells=50, limit=_REASON_CELLS * 2, hint="授权理由，最多 100 个字")
        self._pin = PinField(hint="主管输入本人 PIN，回车授权；F12 返回，不授权")

    @property
    def keys_port(self) -> SigningOn:
        """Where the supervisor's key is asked."""
        return self._signing

    def compose_work(self) -> ComposeResult:
        """What is let pass, by whom, why."""
        yield Words("\n".join(("主管核对材料后，对下列情况予以授权：", *self._let_pass, "")), classes="derived")
        yield FieldRow("主管证书", self._key, required=True, label_cells=_LABEL_CELLS)
        yield FieldRow("授权理由", self._reason, required=True, label_cells=_LABEL_CELLS)
        yield FieldRow("PIN", self._pin, required=True, label_cells=_LABEL_CELLS)

    def heading(self) -> str:
        """What this is."""
        return "主管授权"

    def on_mount(self) -> None:
        """Look which keys are here."""
        self.work_held(self._signing.keys(), self._found)

    def _found(self, keys: Sequence[PresentKey]) -> None:
        self._keys = {str(place): key.fingerprint for place, key in enumerate(keys, 1)}
        self._key.choices = tuple(
            Choice(str(place), f"{key.name} {key.post}".strip()) for place, key in enumerate(keys, 1)
        )
        supervisors = [str(place) for place, key in enumerate(keys, 1) if "主管" in key.post]
        if len(supervisors) == 1:
            self._key.choose(supervisors[0])
        elif not keys:
            self.say("没有读到证书介质，请插入主管的 USB Key 后按 F5", Grade.PROBLEM)

    async def act_query(self) -> None:
        """Look again which keys are here."""
        self.work_held(self._signing.keys(), self._found)

    async def act_enter(self) -> None:
        """Behind the PIN: authorise."""
        if self.focused is self._pin:
            self._authorise()
        else:
            await super().act_enter()

    async def act_send(self) -> None:
        """Authorise."""
        self._authorise()

    def _authorise(self) -> None:
        problems: list[tuple[str | None, str]] = []
        fingerprint = self._keys.get(self._key.code, "")
        if not fingerprint:
            problems.append(("key", "请选择主管的证书，再按 F8"))
        if not self._reason.value.strip():
            problems.append(("reason", "授权理由不能为空，请输入后按 F8"))
        if not len(self._pin):
            problems.append(("pin", "请主管输入 PIN 后按回车"))
        if problems:
            self._pin.wipe()
            self.stop(problems)
        elif not self._under_way:
            self._under_way = True
            word = self._signing.override(
                fingerprint,
                self._pin.take(),
                function=self._function,
                content=self._content,
                reason=self._reason.value.strip(),
            )
            self.work(jobs.finish(self._given_or_refused(word)), self._answered)

    async def _given_or_refused(self, word: Any) -> tuple[Override | None, Exception | None]:
        try:
            return await word, None
        except Exception as error:  # noqa: BLE001 - told by the handler, which lets him try again
            return None, error

    def _answered(self, result: tuple[Override | None, Exception | None]) -> None:
        self._under_way = False
        override, error = result
        if override is None:
            self.go_to(self._pin)
            if error is not None:
                raise error
            return
        self.app.pop_screen()
        self._then(override)

    async def act_back(self) -> None:
        """Not authorised."""
        self._pin.wipe()
        await super().act_back()
