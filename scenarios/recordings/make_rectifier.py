#!/usr/bin/env python3
"""Writes rectifier.cfg and rectifier.dat beside itself: COMTRADE 1999, BINARY, 10 cycles of 50 Hz at
6400 samples a second, as a recorder behind 400/1 V dividers and 100/1 A transformers has them.

    u(t) = sqrt(2) 230 V [sin x + 3 % sin(5x + 180 deg) + 2 % sin 7x]
    i(t) = sqrt(2) 20 A m(t) [sin(x - 20 deg) + 22 % sin(5x - 40 deg) + 11 % sin(7x + 30 deg)
                               + 8 % sin(11x - 60 deg) + 6 % sin(13x + 90 deg)]
    m(t) = 1 + 0.15 sin(2 pi t / 200 ms),   x = 2 pi 50 Hz t - 120 deg times 0, 1, 2 for L1, L2, L3

L3 feeds back: its current is turned by 180 degrees."""
import math
import os
import struct

rate, cycles, mains = 6400, 10, 50
full_u, full_i = 400.0, 60.0  # value of the largest number, 32767
samples = rate // mains * cycles
volts = [(1, 100, 0), (5, 3, 180), (7, 2, 0)]
amperes = [(1, 100, -20), (5, 22, -40), (7, 11, 30), (11, 8, -60), (13, 6, 90)]


def tones(spectrum, x):
    return sum(p / 100 * math.sin(k * x + math.radians(a)) for k, p, a in spectrum)


here = os.path.dirname(os.path.abspath(__file__))
names = ["VA", "VB", "VC", "IA", "IB", "IC"]
with open(os.path.join(here, "rectifier.cfg"), "w", newline="") as cfg:
    lines = ["Workshop,Recorder 7,1999", "6,6A,0D"]
    for n, name in enumerate(names):
        voltage = n < 3
        a = (full_u if voltage else full_i) / 32767
        sides = "400,1" if voltage else "100,1"
        unit = "V" if voltage else "A"
        lines.append(f"{n + 1},{name},{'ABC'[n % 3]},,{unit},{a!r},0,0,-32767,32767,{sides},P")
    lines += [str(mains), "1", f"{rate},{samples}", "28/11/2026,10:00:00.000000",
              "28/11/2026,10:00:00.000000", "BINARY", "1"]
    cfg.write("\r\n".join(lines) + "\r\n")
with open(os.path.join(here, "rectifier.dat"), "wb") as dat:
    for k in range(samples):
        t = k / rate
        swing = 1 + 0.15 * math.sin(2 * math.pi * t / 0.2)
        row = []
        for phase in range(3):
            x = 2 * math.pi * (mains * t - phase / 3)
            row.append(round(math.sqrt(2) * 230 * tones(volts, x) / full_u * 32767))
        for phase in range(3):
            x = 2 * math.pi * (mains * t - phase / 3)
            value = math.sqrt(2) * 20 * swing * tones(amperes, x)
            row.append(round((-value if phase == 2 else value) / full_i * 32767))
        dat.write(struct.pack("<II6h", k + 1, round(k * 1e6 / rate), *row))
