#!/usr/bin/env python3
"""A week of a house with solar panels in 15-minute values, and what it adds up to.

    make_week.py table > week.csv
    make_week.py energy OFFSET DAYS    forward and reverse kWh of L1, L2, L3 over DAYS, begun
                                       OFFSET days into the week

The same formulas as scenarios/profiles/make_household.py has, with another sun each day and more
cooking at the weekend. No chance is in it; values have three decimals, as a utility sends them.
"""
import sys
from math import cos, exp, pi

SUN = [2.4, 1.1, 0.3, 1.9, 2.2, 0.8, 1.6]  # kW at noon
QUARTERS = 7 * 96


def bump(hour, centre, width, height):
    return height * exp(-(((hour - centre) / width) ** 2))


def row(quarter):
    """kW of L1, L2 and L3 in that quarter of an hour of the week."""
    day = quarter // 96
    hour = quarter % 96 / 4
    weekend = day >= 5
    sun = SUN[day] * cos((hour - 13) / 14 * pi) if 6 <= hour <= 20 else 0.0
    p1 = 0.15 + bump(hour, 8.5 if weekend else 7, 1.2, 0.4) - sun
    p2 = 0.05 + bump(hour, 12.5, 0.7, 2.1 if weekend else 0.6) + bump(hour, 18.5, 1.0, 1.6)
    p3 = 0.08 + bump(hour, 20.5, 2.0, 0.9)
    return [round(p, 3) for p in (p1, p2, p3)]


def table():
    print("time;P1 [kW];P2 [kW];P3 [kW];Q1 [kvar];Q2 [kvar];Q3 [kvar]")
    for quarter in range(QUARTERS):
        p1, p2, p3 = row(quarter)
        cells = [p1, p2, p3, 0.06, round(0.2 * p2, 3), round(0.1 * p3, 3)]
        text = ";".join(f"{cell:.3f}".replace(".", ",") for cell in cells)
        print(f"{quarter * 900};{text}")


def energy(offset_days, days):
    rows = [row((offset_days * 96 + k) % QUARTERS) for k in range(days * 96)]
    for phase in range(3):
        powers = [r[phase] for r in rows]
        forward = sum(p for p in powers if p > 0) / 4
        reverse = sum(-p for p in powers if p < 0) / 4
        print(f"{forward:.6f} {reverse:.6f}")


if sys.argv[1] == "table":
    table()
else:
    energy(int(sys.argv[2]), int(sys.argv[3]))
