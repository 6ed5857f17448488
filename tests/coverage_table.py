#!/usr/bin/env python3
"""Lines that ran of those that could, a folder a row, from gcovr's JSON: coverage_table.py FILE."""
import collections
import json
import pathlib
import sys

folders = collections.defaultdict(lambda: [0, 0])
with open(sys.argv[1], encoding="utf-8") as file:
    for source in json.load(file)["files"]:
        lines = [line for line in source["lines"] if not line["gcovr/noncode"]]
        for name in (str(pathlib.Path(source["file"]).parent), "all"):
            folders[name][0] += sum(line["count"] > 0 for line in lines)
            folders[name][1] += len(lines)
folders["all"] = folders.pop("all")

print(f"{'folder':36}{'lines':>8}{'ran':>8}{'':>4}%")
for name, (ran, lines) in folders.items():
    print(f"{name:36}{lines:8}{ran:8}{100 * ran / max(1, lines):8.1f}")
