"""A host with three operators and two terminals, and the clerk whom most of its tests find at work."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from tests.devices.virtual.issue import training_card
from tests.story.cities import facts_of
from tests.story.walk import RESUMED_WAGE
from tests.story.window import CLERK, OTHER_CLERK, PIN, REVIEWER, Window

if TYPE_CHECKING:
    from pathlib import Path

    from tests.devices.virtual.card import Card
    from tests.remote.counter_host import CounterHost
    from tests.remote.thin_terminal import ThinTerminal

ACCOUNTS: Final = {"lin": CLERK, "zhao": OTHER_CLERK, "sun": REVIEWER}
"""Accounts of the host and the operators whose they are."""
DATA: Final = "/var/lib/counter"
CITY: Final = f"{DATA}/training/handan"
PRISTINE: Final = "/var/lib/pristine"
"""The data as the first start has left them."""
LOCKED: Final = "证书介质已拔出或读卡服务中断"


@dataclass(frozen=True, slots=True)
class Office:
    """A host, two terminals, and each operator's script to connect with."""

    host: CounterHost
    here: ThinTerminal
    there: ThinTerminal
    scripts: dict[str, Path]

    def opens(self, account: str, window: Window, at: ThinTerminal | None = None) -> None:
        """Switch a terminal on, the first one unless another is named."""
        (at or self.here).opens(self.scripts[account], window)

    def card(self, number: str) -> Card:
        """An operator's key."""
        return training_card(self.host.at(f"{CITY}/keys"), number)

    def log(self) -> str:
        """The program's log."""
        file = self.host.at(f"{CITY}/counter.log")
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def begins(self) -> None:
        """Put the data back as they were at first."""
        self.host.runs("sh", "-c", f"rm -r {DATA} && cp -a {PRISTINE} {DATA}")

    def is_deserted(self) -> None:
        """Pull the keys and wait until nobody's session runs any more."""
        self.here.pull()
        self.there.pull()
        for account in ACCOUNTS:
            self.host.is_empty(account)


class Desk:
    """The clerk at the first terminal, in the middle of a resumption: his key put in, the remark being typed.

    A test that leaves him there hands him on to the next one, which has only a word of its own typed; the way there
    takes four seconds.
    """

    def __init__(self, office: Office) -> None:
        """Nobody sits here yet."""
        self.office = office
        self.facts = facts_of("handan")
        self.window = Window()
        self.word = ""
        """What was typed last, into the remark."""
        self._words = count(1)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What stands on the screen and nobody else may read."""
        return (self.facts.resume_id, self.facts.resume_name, self.facts.employer_name, "5,200.00", self.word)

    def is_at_work(self) -> None:
        """Let the clerk type a word that he has not typed before."""
        if not self._stands_there():
            self.leaves()
            self.office.begins()
            self._comes()
        self.word = f"写到第{next(self._words)}处"
        self.window.does(self.word, until=self.word)
        self.window.idles(0.3)

    def leaves(self) -> None:
        """Close the terminal, whatever it shows."""
        self.window.closes()
        self.window = Window()
        self.office.is_deserted()

    def unlocks(self) -> None:
        """Put the key in again and type its PIN: what was typed before comes back."""
        self.office.here.insert(self.office.card(CLERK))
        self.window.does(f"{PIN}<enter>", until=self.word)

    def _stands_there(self) -> bool:
        self.window.idles(0.05)
        return self.window.pid > 0 and self.window.status is None and "每月合计" in self.window.text

    def _comes(self) -> None:
        self.office.here.insert(self.office.card(CLERK))
        self.office.opens("lin", self.window)
        self.window.signs_on(CLERK)
        self.window.receives(self.facts.employer_number, self.facts.agent_name, self.facts.agent_id)
        self.window.does("11<enter>", until="证件号码")
        self.window.does(f"{self.facts.resume_id}<enter>{RESUMED_WAGE}<enter>", until="每月合计")
