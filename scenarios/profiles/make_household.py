#!/usr/bin/env python3
"""Makes household.csv: a day of a house with solar panels in 15-minute values, as a utility would
send them: semicolons, decimal commas, a date and a time of day, kilowatts.

The load is a base and four bumps, the sun half a cosine from 6 h to 20 h, both of our own making;
the difference is what passes the meter, below 0 when the house feeds in. L1 bears the base and the
sun, L2 the kitchen, L3 the evening. No chance is in it.

    make_household.py > household.csv
"""
from math import cos, exp, pi


def bump(hour, centre, width, height):
    return height * exp(-(((hour - centre) / width) ** 2))


def comma(value):
    return f"{value:.3f}".replace(".", ",")


print("Datum;Uhrzeit;P1 [kW];P2 [kW];P3 [kW];Q1 [kvar];Q2 [kvar];Q3 [kvar]")
for quarter in range(96):
    hour = quarter / 4
    sun = 2.4 * cos((hour - 13) / 14 * pi) if 6 <= hour <= 20 else 0.0
    p1 = 0.15 + bump(hour, 7, 1.2, 0.4) - sun
    p2 = 0.05 + bump(hour, 12.5, 0.7, 2.1) + bump(hour, 18.5, 1.0, 1.6)
    p3 = 0.08 + bump(hour, 20.5, 2.0, 0.9)
    cells = [p1, p2, p3, 0.06, 0.2 * p2, 0.1 * p3]
    print(f"05.01.2026;{quarter // 4:02}:{quarter % 4 * 15:02};" + ";".join(map(comma, cells)))
