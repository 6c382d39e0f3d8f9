"""What the bench works out before it prints: figures, tables, and a town of any size."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from services.appointments.town_files import read_town
from tests.bench.figures import percentile, ratio, table
from tests.bench.synthetic import scattered_times, times_of, write_town

DAYS = [date(2027, 3, 26) + timedelta(days=ahead) for ahead in range(4)]
"""Summer time begins on the third."""


def test_half_of_all_waits_are_no_longer_than_the_median():
    assert percentile([0.4, 0.1, 0.3, 0.2], 0.5) == 0.2


def test_the_99th_percentile_of_a_hundred_is_the_second_longest():
    assert percentile(list(range(1, 101)), 0.99) == 99


def test_there_is_no_percentile_of_nothing():
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_ratio_compares_rounds_that_ran_side_by_side():
    assert ratio([50, 10, 80], [100, 100, 100]) == 0.5
    with pytest.raises(ValueError):
        ratio([50], [100, 100])


def test_a_table_lines_its_numbers_up_to_the_right():
    assert table("Figures", ("", "req/s"), [("hold", 9), ("confirm", 1000)]).splitlines() == [
        "Figures",
        "           req/s",
        "  hold         9",
        "  confirm   1000",
    ]


@pytest.mark.parametrize("lines", [3, 30])
def test_a_synthetic_town_fits_the_shape_of_town_files(tmp_path, lines):
    town = read_town(write_town(tmp_path, lines=lines))
    assert len(town.lines) == lines


def test_scattered_times_sell_every_place_once_and_neighbours_lie_on_different_days():
    times = list(scattered_times(DAYS, lines=2, seed=1))
    assert sorted(times) == sorted(2 * [at for on in DAYS for at in times_of(on)])
    assert all(earlier.date() != later.date() for earlier, later in pairwise(islice(times, 100)))
