#!/usr/bin/env python3
"""The ranges of the reference are the loader's: ranges.py VMETER. Of every range "LOW to HIGH" of a key
that PLACES knows, both ends must be taken and what lies beyond refused."""
import pathlib
import re
import subprocess
import sys
import tempfile

import vmeter

BASE = """duration: 10 s
meter: {variant: PRO380-Mod, settings: {firmware: 2, calibration: {L1: {}}}}
grid: {voltage: {rms: 230 V}, current: {rms: 5 A}}
receivers: {s0_forward: {}}
bus: {cable: {}, master: {}}
sensors: {L1: {}, crystal: {}}
"""
PLACES = {
    "scenario": "{}", "settings": "meter.settings.{}", "calibration_phase": "meter.settings.calibration.L1.{}",
    "grid": "grid.{}", "voltage_map": "grid.voltage.{}", "current_map": "grid.current.{}",
    "receiver": "receivers.s0_forward.{}", "cable": "bus.cable.{}", "master": "bus.master.{}",
    "sensors": "sensors.{}", "sensor_phase": "sensors.L1.{}", "crystal_part": "sensors.crystal.{}",
}
# Beside a key that does not stand alone.
BESIDE = {"cycles_on": "grid.current.waveform=burst_fired", "cycles_off": "grid.current.waveform=burst_fired",
          "firing_angle": "grid.current.waveform=phase_fired",
          "low_current_rise": "sensors.L1.low_current_knee=1 A"}
RANGE = re.compile(r"^(-?[\d.]+)( ?\S+)? to (-?[\d.]+)( ?\S+?)?(,.*)?$")


def verdict(path, key, section, value):
    command = [sys.argv[1], "check", path]
    if key in BESIDE:
        command += ["--set", BESIDE[key]]
    command += ["--set", f"{PLACES[section].format(key)}={value}"]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


text = (vmeter.ROOT / "scenarios/REFERENCE.md").read_text(encoding="utf-8")
tried = 0
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "base.yaml"
    path.write_text(BASE, encoding="utf-8")
    section = ""
    for line in text.splitlines():
        if line.startswith("### "):
            section = line[4:]
        cells = line.split(" | ")
        if not line.startswith("| `") or section not in PLACES or len(cells) != 5:
            continue
        key = cells[0][3:].split("`")[0]
        match = RANGE.match(cells[3].strip())
        if not match or key == "seed":
            continue
        low, low_unit, high, high_unit = (part or "" for part in match.groups()[:4])
        tried += 1
        for value in (low + (low_unit or high_unit), high + high_unit):
            seen = verdict(path, key, section, value)
            vmeter.check(seen.returncode == 0, f"{section}: {key}: {value} is refused: {seen.stdout}")
        whole = "[count]" in cells[1]
        beyond = [(float(high) * 1.01 if not whole else int(high) + 1, high_unit)]
        if not (float(low) == 0 and ("[length]" in cells[1] or "[resistance]" in cells[1])):
            below = float(low) - (1 if whole else max(abs(float(low)) * 0.01, 0.01))
            beyond.append((int(below) if whole else below, low_unit or high_unit))
        for number, unit in beyond:
            seen = verdict(path, key, section, f"{number}{unit}")
            vmeter.check(seen.returncode == 2 and f"{key}: found \"{number}" in seen.stdout,
                         f"{section}: {key}: {number}{unit} is not refused: {seen.stdout}")
vmeter.check(tried >= 40, f"only {tried} ranges were tried")
vmeter.finish()
