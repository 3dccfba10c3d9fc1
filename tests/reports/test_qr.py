import re

import segno

from reports.qr import qr_svg

ADDRESS = "https://palmappen.example.org/kontroller/K7QM2XHD9RTV/"


def drawn(svg: str) -> set[tuple[int, int]]:
    """The dark squares as (column, row), walked along the path that draws them."""
    (path,) = re.findall(r' d="([^"]*)"', svg)
    dark, column, row = set(), 0.0, 0.0
    for move, numbers in re.findall(r"([Mmh])([-0-9. ]+)", path):
        steps = [float(number) for number in numbers.replace("-", " -").split()]
        if move == "h":
            dark |= {(int(column) + at, int(row)) for at in range(int(steps[0]))}
            column += steps[0]
        elif move == "M":
            column, row = steps
        else:
            column, row = column + steps[0], row + steps[1]
    return dark


def test_code_is_drawn_square_by_square_with_a_quiet_zone():
    matrix = segno.make(ADDRESS, error="m", micro=False).matrix
    expected = {
        (column + 4, row + 4)
        for row, line in enumerate(matrix)
        for column, is_dark in enumerate(line)
        if is_dark
    }

    svg = qr_svg(ADDRESS, title="QR-kode")

    assert drawn(svg) == expected
    assert f'viewBox="0 0 {len(matrix) + 8} {len(matrix) + 8}"' in svg


def test_title_is_escaped_and_no_style_is_set():
    svg = qr_svg(ADDRESS, title="Side <b> & «kontroll»", css_class="footer__qr")

    assert "<title>Side &lt;b&gt; &amp; «kontroll»</title>" in svg
    assert 'class="footer__qr"' in svg
    assert "style=" not in svg
