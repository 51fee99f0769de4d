"""Which widgets are asked for cells when a part of the screen changes: those that are seen in it, and no others.

Private seams of the screen library (loud tests in tests/wire/test_seams.py): `Screen._compositor`,
`Compositor.render_partial_update`, `_dirty_regions`, `_regions_to_spans`, `cuts`, `visible_widgets`, `ChopsUpdate`,
`StylesCache.get_inner_outer`.
"""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from textual._compositor import ChopsUpdate, Compositor
from textual._styles_cache import StylesCache
from textual.geometry import Region

if TYPE_CHECKING:
    from textual.color import Color
    from textual.strip import Strip
    from textual.style import Style
    from textual.widget import Widget

_Chop: TypeAlias = tuple[int, int]
"""First column, and the column behind the last, of cells that belong to one widget."""


class SparingCompositor(Compositor):
    """Asks for the changed cells only.

    The library asks every widget of the scrolled area for all its rows and then throws most of them away: twenty
    widgets for one key.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """The cells of the dirty regions; None when nothing is dirty."""
        screen = self.size.region
        dirty = [inside for region in self._dirty_regions if (inside := region.intersection(screen))]
        self._dirty_regions.clear()
        if not dirty:
            return None
        spans = list(self._regions_to_spans(dirty))
        ends = [cuts[1:] for cuts in self.cuts]
        wanted = self._wanted(spans)
        chops: list[dict[int, Strip | None]] = [{} for _ in ends]
        for y in wanted:
            chops[y] = dict.fromkeys(self.cuts[y][:-1])
        # From front to back: who comes first is seen.
        for widget, (region, clip) in self.visible_widgets.items():
            if not wanted:
                break
            self._ask(widget, region, region.intersection(clip), wanted, chops)
        return ChopsUpdate(chops, spans, ends)

    def _wanted(self, spans: list[tuple[int, int, int]]) -> dict[int, list[_Chop]]:
        """Rows and in each the chops that lie in a span."""
        wanted: dict[int, list[_Chop]] = {}
        for y, first, behind in spans:
            cuts = self.cuts[y]
            chops = wanted.setdefault(y, [])
            for chop in pairwise(cuts):
                if chop[0] < behind and chop[1] > first and chop not in chops:
                    chops.append(chop)
        return wanted

    @staticmethod
    def _ask(
        widget: Widget,
        region: Region,
        seen: Region,
        wanted: dict[int, list[_Chop]],
        chops: list[dict[int, Strip | None]],
    ) -> None:
        """Take a widget's cells for the chops it covers and nobody before it did."""
        left, right = seen.column_span
        for y in [y for y in wanted if seen.y <= y < seen.bottom]:
            mine = [chop for chop in wanted[y] if left <= chop[0] and chop[1] <= right]
            if not mine:
                continue
            (strip,) = widget.render_lines(Region(left - region.x, y - region.y, seen.width, 1))
            for first, behind in mine:
                chops[y][first] = strip.crop(first - left, behind - left)
            wanted[y] = [chop for chop in wanted[y] if chop not in mine]
            if not wanted[y]:
                del wanted[y]


_colours = lru_cache(maxsize=1024)(partial(StylesCache.get_inner_outer.__wrapped__, StylesCache))


def _inner_outer(_: StylesCache, base_background: Color, background: Color) -> tuple[Style, Style]:
    return _colours(base_background, background)


# The library remembers these colours for each widget, and with it what was painted: screens long closed, with the
# names that stood on them, stay in memory.
StylesCache.get_inner_outer = _inner_outer  # type: ignore[method-assign, assignment]
