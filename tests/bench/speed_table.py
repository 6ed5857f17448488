#!/usr/bin/env python3
"""The table of the README's section on speed, as this machine makes it.

  tests/bench/speed_table.py [build/release]

Times are of the CPU, not of the wall, and medians of interleaved runs: an absolute time means
little on a shared machine. What process and meters take to start, in the first second, is taken off
and stands in rows of its own.
"""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

COUNTS = (1, 10, 60)
RUNS = 3
SIMULATED_S = 10
STARTS = 21
LOADS = {"Ist": "starting current, 1 000 imp/kWh", "Iref": "Iref, 1 000 imp/kWh",
         "Imax": "Imax, 10 000 imp/kWh"}

IDLE = """\
title: {count} meters that nobody reads
duration: {duration}
meters:
  - {{id: m, count: {count}, variant: PRO380-Mod, settings: {{meter_id: 1}}}}
grid: {{current: 5 A}}
"""
# What the image would flash, instruction by instruction.
FLASHED = IDLE.replace("variant:", "cpu: iss, variant:")
# One after the other, again and again, as fast as the line allows.
POLLED = IDLE + """\
bus: {{cable: {{length: 100 m}}}}
timeline:
  - {{name: reads, at: 900 ms, modbus: {{poll: [P total]}}}}
"""


class Bench:
    def __init__(self, build, folder):
        self.build = pathlib.Path(build)
        self.folder = pathlib.Path(folder)

    def run(self, template, count, duration):
        """CPU seconds, wall seconds and peak MiB of a scenario's process."""
        scenario = self.folder / "scenario.yaml"
        scenario.write_text(template.format(count=count, duration=duration))
        begin = os.times().elapsed
        process = subprocess.Popen([self.build / "tools/vmeter", "run", scenario],
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"vmeter run failed with {process.returncode}")
        return (usage.ru_utime + usage.ru_stime, os.times().elapsed - begin,
                usage.ru_maxrss / 1024)

    def simulated(self, cases):
        """CPU seconds of a simulated second, by (template, count)."""
        spent = {case: [] for case in cases}
        for _ in range(RUNS):
            for template, count in cases:
                start = self.run(template, count, "1 s")[0]
                cpu = self.run(template, count, f"{1 + SIMULATED_S} s")[0]
                spent[template, count].append((cpu - start) / SIMULATED_S)
        return {case: statistics.median(values) for case, values in spent.items()}

    def starts(self):
        """Median CPU and wall milliseconds of a run of a millisecond."""
        runs = [self.run(IDLE, 1, "1 ms") for _ in range(STARTS)]
        cpu, wall, _ = (statistics.median(values) for values in zip(*runs))
        return 1000 * cpu, 1000 * wall

    def meter_starts(self, second_s):
        """Median CPU milliseconds that a meter's first second takes more than `second_s`."""
        runs = []
        for _ in range(RUNS):
            short, long = (self.run(IDLE, 60, duration)[0] for duration in ("1 ms", "1 s"))
            runs.append((long - short) / 60 - second_s)
        return 1000 * statistics.median(runs)

    def meter_mib(self):
        """What 60 more meters take, a meter."""
        one, many = (self.run(IDLE, count, "1 s")[2] for count in (1, 61))
        return (many - one) / 60

    def core_mips(self):
        """Millions of instructions a second of CPU time, by program."""
        printed = subprocess.run([self.build / "tests/bench/bench_core",
                                  "--benchmark_min_time=0.2"], check=True,
                                 capture_output=True, text=True).stdout
        return re.findall(r"run_program/(\w+) .*MIPS=([\d.]+)/s", printed)

    def one_meter(self):
        """Lines of bench_meter: (load, bare us, whole us, ratio, times real time)."""
        environment = dict(os.environ, SC_COPYRIGHT_MESSAGE="DISABLE")
        printed = subprocess.run([self.build / "tests/bench/bench_meter",
                                  "--benchmark_min_time=0.1"], env=environment, check=True,
                                 capture_output=True, text=True).stdout
        return re.findall(r"(\w+): bare (\d+) us, whole (\d+) us .*ratio ([\d.]+); (\d+) x", printed)


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build/release"
    row("what", "goal", "measured")
    row("---", "---", "---")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(build, folder)
        for load, bare, whole, ratio, factor in bench.one_meter():
            row(f"one meter, idle bus, {LOADS[load]}", "≥ 1 000 × real time", f"{factor} ×")
            goal = "≤ 1.5 × bare" if load == "Iref" else "–"
            row("– against bare", goal, f"{ratio} × ({whole} µs to {bare} µs a simulated second)")
        spent = bench.simulated([(template, count) for template in (IDLE, POLLED)
                                 for count in COUNTS] + [(FLASHED, 1)])
        for template, name in ((IDLE, "idle bus"), (POLLED, "one RS-485 segment, read in turn")):
            for count in COUNTS:
                cpu_s = spent[template, count]
                goal = "≥ 15 × real time" if template == POLLED and count == 60 else "–"
                row(f"{count} meter{'s' if count > 1 else ''}, {name}", goal,
                    f"{1 / cpu_s:.0f} × ({1e6 * cpu_s / count:.0f} µs a simulated second and meter)")
        row("one meter that runs the flashed image, idle bus", "≥ 40 × real time",
            f"{1 / spent[FLASHED, 1]:.0f} ×")
        for program, mips in bench.core_mips():
            row(f"the core by itself, {program}", "≥ 150 MIPS", f"{float(mips):.0f} MIPS")
        cpu_ms, wall_ms = bench.starts()
        row("start-up of `vmeter run`", "< 50 ms", f"{cpu_ms:.0f} ms of CPU, {wall_ms:.0f} ms of wall")
        start_ms = bench.meter_starts(spent[IDLE, 60] / 60)
        row("start-up of a meter, which reads its EEPROM", "–", f"{start_ms:.1f} ms of CPU")
        row("memory a meter", "< 1 MiB", f"{bench.meter_mib():.2f} MiB")


if __name__ == "__main__":
    main()
