"""QR codes for printed pages: ISO/IEC 18004, bytes, versions 1 to 6, error correction M. Pure.

Nothing installed makes them, and a page to print needs no more than this.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from markupsafe import Markup

# By version: all codewords, blocks, error correction codewords of a block, centre of the alignment pattern.
VERSIONS = ((26, 1, 10, 0), (44, 1, 16, 18), (70, 1, 26, 22), (100, 2, 18, 26), (134, 2, 24, 30), (172, 4, 16, 34))
LONGEST = 106  # bytes
QUIET = 4  # light modules around
PENALTY_FINDER = ((1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1))

Grid = list[list[int]]


def svg(text: str, name: str) -> Markup:
    """One path of dark modules; `name` is read aloud in its place. Raises: ValueError when the text is too long."""
    grid = modules(text)
    size = len(grid) + 2 * QUIET
    dark = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(grid) for x, on in enumerate(row) if on)
    form = '<svg class="qr" role="img" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" aria-label="{1}">'
    ground = f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dark}" fill="#000"/></svg>'
    return Markup(form).format(size, name) + Markup(ground)


def modules(text: str) -> Grid:
    """Rows of 1 (dark) and 0, with the mask that is easiest to read. Raises: ValueError."""
    content = text.encode()
    if len(content) > LONGEST:
        raise ValueError(f"at most {LONGEST} bytes fit, not {len(content)}")
    version = next(number for number, form in enumerate(VERSIONS, 1) if len(content) <= _room(form) - 2)
    bits = list(_bits(_codewords(content, VERSIONS[version - 1])))
    return min((_drawn(version, bits, mask) for mask in range(8)), key=_penalty)


def _room(form: tuple[int, int, int, int]) -> int:
    total, blocks, correction, _ = form
    return total - blocks * correction


def _codewords(content: bytes, form: tuple[int, int, int, int]) -> list[int]:
    """Data in blocks, read across them, then their corrections in the same way."""
    _, blocks, correction, _ = form
    room = _room(form)
    # Mode "bytes", the length, the bytes, an end mark: shifted by half a byte.
    whole = int.from_bytes(bytes([0x40, 0]), "big") | len(content) << 4
    stream = ((whole << 8 * len(content)) | int.from_bytes(content, "big") << 4).to_bytes(len(content) + 2, "big")
    padded = (stream + bytes([0xEC, 0x11] * room))[:room]
    size, longer = divmod(room, blocks)
    starts = [number * size + max(0, number - (blocks - longer)) for number in range(blocks + 1)]
    data = [padded[one:two] for one, two in pairwise(starts)]
    checks = [_correction(block, correction) for block in data]
    return [*_across(data), *_across(checks)]


def _across(blocks: list[bytes]) -> Iterator[int]:
    for place in range(max(map(len, blocks))):
        yield from (block[place] for block in blocks if place < len(block))


def _times(one: int, two: int) -> int:
    """In the field of 256 with the polynomial 0x11D."""
    product = 0
    for bit in range(7, -1, -1):
        product = (product << 1) ^ (product >> 7) * 0x11D
        product ^= (two >> bit & 1) * one
    return product


def _correction(data: bytes, degree: int) -> bytes:
    """Reed-Solomon: the remainder by the product of (x - 2^n)."""
    divisor, root = [0] * (degree - 1) + [1], 1
    for _ in range(degree):
        divisor = [
            _times(each, root) ^ (divisor[place + 1] if place + 1 < degree else 0) for place, each in enumerate(divisor)
        ]
        root = _times(root, 2)
    rest = [0] * degree
    for byte in data:
        factor = byte ^ rest[0]
        rest = [each ^ _times(by, factor) for each, by in zip([*rest[1:], 0], divisor, strict=True)]
    return bytes(rest)


def _bits(codewords: list[int]) -> Iterator[int]:
    for word in codewords:
        yield from (word >> bit & 1 for bit in range(7, -1, -1))


def _drawn(version: int, bits: list[int], mask: int) -> Grid:
    size = 17 + 4 * version
    fixed = _fixed(size, VERSIONS[version - 1][3], mask)
    grid = [[fixed.get((x, y), 0) for x in range(size)] for y in range(size)]
    left = iter(bits)
    for x, y in _way(size):
        if (x, y) not in fixed:
            grid[y][x] = next(left, 0) ^ _masked(mask, x, y)
    return grid


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down; the column of the timing pattern is left out."""
    for turn, right in enumerate([*range(size - 1, 6, -2), *range(5, 0, -2)]):
        for step in range(size):
            y = step if turn % 2 else size - 1 - step
            yield from ((right, y), (right - 1, y))


def _masked(mask: int, x: int, y: int) -> int:
    rest = (
        (x + y) % 2,
        y % 2,
        x % 3,
        (x + y) % 3,
        (x // 3 + y // 2) % 2,
        x * y % 2 + x * y % 3,
        (x * y % 2 + x * y % 3) % 2,
        ((x + y) % 2 + x * y % 3) % 2,
    )
    return int(rest[mask] == 0)


def _fixed(size: int, centre: int, mask: int) -> dict[tuple[int, int], int]:
    """All that holds no data: timing, finders with their light border, alignment, format, the one dark module."""
    found = {(place, 6): 1 - place % 2 for place in range(size)} | {(6, place): 1 - place % 2 for place in range(size)}
    for left, top in ((0, 0), (size - 7, 0), (0, size - 7)):
        for x in range(max(0, left - 1), min(size, left + 8)):
            for y in range(max(0, top - 1), min(size, top + 8)):
                found[x, y] = int(max(abs(x - left - 3), abs(y - top - 3)) not in (2, 4))
    if centre:
        for x in range(centre - 2, centre + 3):
            for y in range(centre - 2, centre + 3):
                found[x, y] = int(max(abs(x - centre), abs(y - centre)) != 1)
    rest = mask  # the two bits of level M are 00
    for _ in range(10):
        rest = (rest << 1) ^ (rest >> 9) * 0x537
    for bit in range(15):
        on = ((mask << 10 | rest) ^ 0x5412) >> bit & 1
        found[8, bit + (bit > 5) if bit < 8 else size - 15 + bit] = on
        found[size - 1 - bit if bit < 8 else 14 - bit + (bit == 8), 8] = on
    found[8, size - 8] = 1
    return found


def _penalty(grid: Grid) -> int:
    """How hard it is to read, as the standard counts it."""
    size, total = len(grid), 0
    columns = [list(column) for column in zip(*grid, strict=True)]
    for line in (*grid, *columns):
        run = 0
        for place, on in enumerate(line):
            run = run + 1 if place and on == line[place - 1] else 1
            total += 3 if run == 5 else int(run > 5)
        total += 40 * sum(tuple(line[at : at + 11]) in PENALTY_FINDER for at in range(size - 10))
    for y in range(size - 1):
        total += 3 * sum(grid[y][x] == grid[y][x + 1] == grid[y + 1][x] == grid[y + 1][x + 1] for x in range(size - 1))
    dark = sum(map(sum, grid))
    return total + 10 * (abs(dark * 20 - size * size * 10) // (size * size))
