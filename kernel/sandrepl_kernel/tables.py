"""A rectangle of an array, a frame or a series."""

from __future__ import annotations

from . import foreign, lookup

CELLS = 10_000
WIDTH = 500
LABEL_LENGTH = 100

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence


class Table:
    """`frame` is all but the cells; `lines` are their values."""

    def __init__(self, frame: dict[str, Any], lines: Sequence[Sequence[Any]]) -> None:
        self.frame = frame
        self.lines = lines
        self.width = len(frame["header"])


class _Clip:
    """What of the rectangle that was asked for there is, and may be asked for at once."""

    def __init__(self, rectangle: dict[str, int], rows: int, columns: int) -> None:
        self._sizes = {"rows": rows, "columns": columns}
        self.row = min(rectangle.get("row", 0), rows)
        self.column = min(rectangle.get("column", 0), columns)
        width = min(rectangle.get("columns", 0), columns - self.column, WIDTH)
        height = min(rectangle.get("rows", 0), rows - self.row, CELLS // max(width, 1))
        self.right = self.column + width
        self.bottom = self.row + height

    def table(self, index: list[str], header: list[str], types: list[str], lines: Sequence[Sequence[Any]]) -> Table:
        frame = {**self._sizes, "row": self.row, "column": self.column}
        return Table({**frame, "index": index, "header": header, "types": types}, lines)


def table_of(value: Any, rectangle: dict[str, int]) -> Table | None:
    """None for what is no table."""
    plain = foreign.array_of(value)
    if plain is not None:
        return _of_array(plain, rectangle)
    if foreign.is_pandas(value, "Series"):
        return _of_series(value, rectangle)
    return _of_frame(value, rectangle) if foreign.is_pandas(value, "DataFrame") else None


def _of_array(plain: Any, rectangle: dict[str, int]) -> Table | None:
    names = plain.dtype.names
    if names and plain.ndim == 1:
        clip = _Clip(rectangle, len(plain), len(names))
        shown = names[clip.column : clip.right]
        lines = [[line[name] for name in shown] for line in plain[clip.row : clip.bottom]]
        return clip.table(_numbers(clip), list(shown), [str(plain.dtype[name]) for name in shown], lines)
    if plain.ndim not in (1, 2):
        return None
    clip = _Clip(rectangle, len(plain), plain.shape[1] if plain.ndim == 2 else 1)
    part = plain[clip.row : clip.bottom]
    part = part[:, clip.column : clip.right] if plain.ndim == 2 else part[:, None][:, : clip.right - clip.column]
    columns = range(clip.column, clip.right)
    header = [str(column) for column in columns] if plain.ndim == 2 else [""] * len(columns)
    return clip.table(_numbers(clip), header, [str(plain.dtype)] * len(columns), [list(line) for line in part])


def _of_frame(value: Any, rectangle: dict[str, int]) -> Table:
    clip = _Clip(rectangle, *value.shape)
    part = value.iloc[clip.row : clip.bottom, clip.column : clip.right]
    columns = [list(part.iloc[:, at]) for at in range(part.shape[1])]
    lines = [[column[at] for column in columns] for at in range(len(part))]
    return clip.table(_labels(part.index), _labels(part.columns), [str(kind) for kind in part.dtypes], lines)


def _of_series(value: Any, rectangle: dict[str, int]) -> Table:
    clip = _Clip(rectangle, len(value), 1)
    part = value.iloc[clip.row : clip.bottom]
    width = clip.right - clip.column
    header = ["" if value.name is None else _label(value.name)][:width]
    lines = [[each][:width] for each in part]
    return clip.table(_labels(part.index), header, [str(value.dtype)][:width], lines)


def _numbers(clip: _Clip) -> list[str]:
    return [str(at) for at in range(clip.row, clip.bottom)]


def _labels(index: Any) -> list[str]:
    return [_label(each) for each in index]


def _label(label: Any) -> str:
    text = str(label) if lookup.trusted(type(label)) else lookup.name_of(type(label))
    return text[:LABEL_LENGTH] if text.isprintable() else repr(text)[1:-1][:LABEL_LENGTH]
