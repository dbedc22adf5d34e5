"""The targets as one picture: how far each is held or missed. Plain SVG, readable on light and on dark ground."""

import html
import math

from .results import summary

_LABELS, _AXIS, _FIGURES = 360, 320, 300  # widths, in px
_ROW, _TOP, _BOTTOM = 26, 64, 44
_TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_REACH_MIN, _REACH_MAX = 2.0, 20.0  # how far the axis goes to both sides, as a factor
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: var(--ink); }
  .title { font-weight: 600; font-size: 15px; }
  .soft { fill: var(--soft); font-size: 12px; }
  .ground { fill: var(--ground); }
  .grid { stroke: var(--grid); }
  .limit { stroke: var(--ink); stroke-width: 1.5; }
  .span { stroke: var(--ink); stroke-width: 1.5; }
  .held { fill: var(--held); }
  .missed { fill: var(--missed); }
  svg { --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --grid: #d8dee4; --held: #3d8fd6; --missed: #d9822b; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --grid: #30363d; --held: #3f8fd9; --missed: #d9822b; }
  }"""


def _element(name, text=None, **attributes):
    words = "".join(f' {key.rstrip("_").replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<{name}{words}/>" if text is None else f"<{name}{words}>{html.escape(text)}</{name}>"


def _share(target, value):
    """1 at the limit, less where the target is held with room: floors are turned over."""
    return target["limit"] / value if target["is_floor"] else value / target["limit"]


class _Axis:
    """Logarithmic, the limit in the middle."""

    def __init__(self, shares):
        self.reach = min(_REACH_MAX, max(_REACH_MIN, *(max(each, 1 / each) for each in shares)) * 1.1)

    def x(self, share):
        place = math.log(share) / math.log(self.reach)  # -1..1
        return round(_LABELS + _AXIS / 2 * (1 + max(-1, min(1, place))), 1)

    def ticks(self):
        return [tick for tick in _TICKS if 1 / self.reach <= tick <= self.reach]


def _row(axis, target, number):
    found = summary(target["values"])
    least, median, greatest = (axis.x(_share(target, found[each])) for each in ("min", "median", "max"))
    middle, limit = _TOP + _ROW * number + _ROW / 2, axis.x(1)
    is_held = target["verdict"].startswith("held")
    figures = [f"{found[each]:,.{target['digits']}f}" for each in ("min", "median", "max")]
    shown = figures[1] if len(target["values"]) == 1 else f"{figures[1]} ({figures[0]} … {figures[2]})"
    yield _element("text", target["what"], x=_LABELS - 12, y=middle + 4, text_anchor="end")
    yield _element(
        "rect",
        x=min(median, limit),
        y=middle - 7,
        width=round(max(abs(median - limit), 1), 1),
        height=14,
        class_="held" if is_held else "missed",
    )
    yield _element("line", x1=least, x2=greatest, y1=middle, y2=middle, class_="span")
    for end in (least, greatest):
        yield _element("line", x1=end, x2=end, y1=middle - 4, y2=middle + 4, class_="span")
    yield _element(
        "text",
        f"{'✓' if is_held else '✗'} {shown}{target['unit']}, target {target['target']}",
        x=_LABELS + _AXIS + 12,
        y=middle + 4,
    )


def svg(targets, caption):
    """`targets` as targets.judged has them, `caption` says where and when."""
    axis = _Axis([_share(target, value) for target in targets for value in target["values"] if value > 0])
    width, bottom = _LABELS + _AXIS + _FIGURES, _TOP + _ROW * len(targets)
    held = sum(target["verdict"].startswith("held") for target in targets)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom + _BOTTOM}" role="img">',
        _element("title", f"Measured beside the targets: {held} of {len(targets)} held"),
        f"<style>{_STYLE}\n</style>",
        _element("rect", width=width, height=bottom + _BOTTOM, class_="ground"),
        _element("text", f"Measured beside the targets: {held} of {len(targets)} held", x=16, y=24, class_="title"),
        _element("text", caption, x=16, y=44, class_="soft"),
        _element("text", "← held, with room", x=axis.x(1) - 8, y=_TOP - 6, text_anchor="end", class_="soft"),
        _element("text", "missed →", x=axis.x(1) + 8, y=_TOP - 6, class_="soft"),
    ]
    for tick in axis.ticks():
        at = axis.x(tick)
        lines.append(
            _element("line", x1=at, x2=at, y1=_TOP, y2=bottom, class_="limit" if tick == 1 else "grid")
        )
        name = "target" if tick == 1 else f"×{tick:g}"
        lines.append(_element("text", name, x=at, y=bottom + 16, text_anchor="middle", class_="soft"))
    for number, target in enumerate(targets):
        lines += _row(axis, target, number)
    note = "bar: median; whisker: least to greatest repetition; of a target that is a least value, target over measured"
    lines.append(_element("text", note, x=16, y=bottom + 36, class_="soft"))
    return "\n".join([*lines, "</svg>"]) + "\n"
