"""The drawing of placements: everything on the paper, nothing on top of anything else."""

import datetime as dt

from reports.timeline import WIDTH, Service, YearMark, draw

TODAY = dt.date(2026, 11, 19)


LABELS = ("Palliativt senter, 100 %", "Palliativt senter", "100 %")


def service(start: tuple, end: tuple | None) -> Service:
    return Service(LABELS, dt.date(*start), dt.date(*end) if end else None)


def test_consecutive_placements_share_a_lane():
    drawn = draw(
        [service((2023, 1, 1), (2024, 12, 31)), service((2025, 1, 1), None)],
        starts_on=dt.date(2023, 1, 1),
        today=TODAY,
    )

    assert drawn.lanes == 1
    assert [bar.x for bar in drawn.bars] == [0, 516]
    assert drawn.bars[0].x + drawn.bars[0].width < drawn.bars[1].x
    assert drawn.bars[1].x + drawn.bars[1].width <= WIDTH
    assert [bar.is_current for bar in drawn.bars] == [False, True]


def test_overlapping_placements_take_a_lane_each():
    drawn = draw(
        [service((2025, 1, 1), None), service((2026, 1, 1), None)],
        starts_on=dt.date(2025, 1, 1),
        today=TODAY,
    )

    assert drawn.lanes == 2
    assert drawn.bars[0].y != drawn.bars[1].y


def test_label_is_the_fullest_that_fits():
    drawn = draw(
        [
            service((2020, 1, 1), (2024, 12, 31)),
            service((2025, 1, 1), (2026, 6, 30)),
            service((2026, 7, 1), (2026, 10, 31)),
            service((2026, 11, 1), None),
        ],
        starts_on=dt.date(2020, 1, 1),
        today=dt.date(2026, 11, 19),
    )

    assert [bar.label for bar in drawn.bars] == [
        "Palliativt senter, 100 %",
        "Palliativt senter",
        "",
        "",
    ]


def test_planned_placement_is_drawn_after_today():
    drawn = draw(
        [service((2026, 1, 1), (2026, 12, 31)), service((2027, 1, 1), (2027, 12, 31))],
        starts_on=dt.date(2026, 1, 1),
        today=TODAY,
    )

    assert drawn.today_x < drawn.bars[1].x
    assert [bar.is_planned for bar in drawn.bars] == [False, True]


def test_nothing_to_draw_is_an_empty_line_of_time():
    drawn = draw([], starts_on=TODAY, today=TODAY)

    assert drawn.bars == ()
    assert drawn.years == ()


def test_year_hidden_behind_today_loses_its_label():
    drawn = draw(
        [service((2020, 1, 1), None)],
        starts_on=dt.date(2020, 1, 1),
        today=dt.date(2027, 1, 10),
    )

    assert drawn.years[-1] == YearMark(x=996, label="")
    assert drawn.years[0].label == "2021"
