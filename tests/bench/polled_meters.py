#!/usr/bin/env python3
"""What polled meters cost: 1, 10 and 60 of them on one RS-485 segment, read in turn at full rate.

  tests/bench/polled_meters.py [build/release/tools/vmeter]

Prints the real-time factor of each (goal: 60 at 10 or more) and what a simulated second costs per
meter; medians of interleaved runs, for an absolute time means little on a shared machine.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

COUNTS = (1, 10, 60)
RUNS = 3
SIMULATED_S = 10

SCENARIO = """\
title: {count} meters read in turn
duration: {seconds} s
meters:
  - {{id: m, count: {count}, variant: PRO380-Mod, settings: {{meter_id: 1}}}}
grid: {{current: 5 A}}
bus: {{cable: {{length: 100 m}}}}
timeline:
  - {{name: reads, at: 1 s, modbus: {{poll: [P total]}}}}
expect:
  - {{exchanges: reads, outcome: answer, at_least: {count}}}
"""


def wall_s(vmeter, folder, count):
    scenario = folder / f"polled-{count}.yaml"
    result = folder / f"polled-{count}.json"
    scenario.write_text(SCENARIO.format(count=count, seconds=SIMULATED_S))
    subprocess.run([vmeter, "run", scenario, "--json", result], check=True,
                   stdout=subprocess.DEVNULL)
    return json.loads(result.read_text())["wall_s"]


def main():
    vmeter = sys.argv[1] if len(sys.argv) > 1 else "build/release/tools/vmeter"
    walls = {count: [] for count in COUNTS}
    with tempfile.TemporaryDirectory() as name:
        for _ in range(RUNS):
            for count in COUNTS:
                walls[count].append(wall_s(vmeter, pathlib.Path(name), count))
    for count in COUNTS:
        wall = statistics.median(walls[count])
        per_meter_us = 1e6 * wall / SIMULATED_S / count
        print(f"{count:2} polled meters: {SIMULATED_S / wall:6.0f} x real time, "
              f"{per_meter_us:6.0f} us a simulated second and meter")


if __name__ == "__main__":
    main()
