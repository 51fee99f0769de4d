"""Business that is mostly reading: lines that are turned a page at a time."""

from __future__ import annotations

from screens.business import BusinessScreen
from screens.marks import marked
from screens.widgets.reader import Reader


class ReadingScreen(BusinessScreen):
    """Has a reader; nobody is in reception here."""

    def __init__(self, code: str) -> None:
        """Serve the function of that code."""
        super().__init__(code)
        self.reader = Reader(hint="PgDn、PgUp 翻页，F12 返回")

    def heading_right(self) -> str:
        """The words that hold everywhere."""
        return marked(self.counter)

    async def act_page_down(self) -> None:
        """The next page."""
        self._turn_reader(1)

    async def act_page_up(self) -> None:
        """The page before."""
        self._turn_reader(-1)

    def _turn_reader(self, by: int) -> None:
        self.say(self.reader.place if self.reader.turn(by) else "没有更多页")
