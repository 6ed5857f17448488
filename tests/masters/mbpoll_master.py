#!/usr/bin/env python3
"""mbpoll as a master: mbpoll_master.py LINK. Each call of mbpoll opens the port, asks and closes it.
Prints what failed; status 0 if nothing did.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

ROWS = json.loads((pathlib.Path(__file__).parent / "rows.json").read_text(encoding="utf-8"))
REQUESTS = 300
failures = []
asked = 0


def fail(sentence):
    print(sentence)
    failures.append(sentence)


def mbpoll(link, *arguments, meter=1, baud=9600, timeout=5):
    """What it printed; None if it was not content."""
    global asked
    asked += 1
    command = ["mbpoll", "-m", "rtu", "-b", str(baud), "-P", "even", "-0", "-a", str(meter)]
    command += ["-o", str(timeout), *arguments[:-1], link, *arguments[-1]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr) if done.returncode == 0 else None


def read(link, kind, address, count=1, **how):
    """The values as mbpoll prints them; none without an answer."""
    arguments = ("-1", "-B", "-t", kind, "-r", str(address), "-c", str(count), [])
    return re.findall(r"^\[\d+\]:\s+(\S+)", mbpoll(link, *arguments, **how) or "", re.MULTILINE)


def write(link, kind, address, value, **how):
    if mbpoll(link, "-B", "-t", kind, "-r", str(address), [str(value)], **how) is None:
        fail(f"Writing {value} to {address:04X} was not acknowledged.")


def expect(link, kind, address, value, **how):
    seen = read(link, kind, address, **how)
    if seen != [str(value)]:
        fail(f"{address:04X} reads {seen} instead of {value}.")


def expect_silence(link, why, **how):
    if read(link, "4", 0x1018, timeout=0.3, **how):
        fail(f"There was an answer {why}.")


def matches(row, values):
    if not values:
        return False
    if row["type"] in ("integer", "float"):
        return row["from"] <= float(values[0]) <= row["to"]
    digits = "".join(value.removeprefix("0x") for value in values)
    if row["type"] == "ascii":
        return bytes.fromhex(digits).rstrip(b"\0").decode() == row["text"]
    return digits == row["text"]


def read_matrix(link, table):
    """From table 4, holding registers, function 03, or 3, input registers, function 04."""
    for row in ROWS:
        kind = {"float": ":float", "integer": ""}.get(row["type"], ":hex")
        count = row["bytes"] // 2 if kind == ":hex" else 1
        values = read(link, table + kind, int(row["address"], 16), count)
        if not matches(row, values):
            fail(f"From table {table}, {row['name']} reads {values}, expected {row}.")


def write_settings(link):
    for kind, address, other, default in (
        ("4:float", 0x1066, 2000, 1000),  # S0 rate
        ("4", 0x107A, 1, 5),  # combined code
        ("4", 0x1510, 0x25, 0x10),  # LCD time, BCD
        ("4", 0x2200, 2, 1),  # tariff
    ):
        for value in (other, default):
            write(link, kind, address, value)
            expect(link, kind, address, value)


def change_id(link):
    write(link, "4", 0x1018, 17)
    expect(link, "4", 0x1018, 17, meter=17)
    expect_silence(link, "at the old ID")
    write(link, "4", 0x1018, 1, meter=17)
    expect(link, "4", 0x1018, 1)


def change_baud(link):
    for old, new in ((9600, 1200), (1200, 9600)):
        write(link, "4", 0x1020, new, baud=old)
        expect_silence(link, f"at {old} Bd though the meter has {new} Bd", baud=old)
        expect(link, "4", 0x1020, new, baud=new)


def disturb(link):
    """Garbage, half a request, a request with a wrong CRC: then it answers as before."""
    for garbage in (bytes(range(200)), bytes.fromhex("0103"), bytes.fromhex("0103200800020000")):
        port = os.open(link, os.O_WRONLY | os.O_NOCTTY)
        os.write(port, garbage)
        os.close(port)
        time.sleep(0.2)
        expect(link, "4", 0x1018, 1)


def poll(link):
    """One call that polls until it is interrupted, and counts itself."""
    global asked
    command = ["mbpoll", "-m", "rtu", "-b", "9600", "-P", "even", "-0", "-o", "5", "-l", "20"]
    command += ["-t", "4:float", "-B", "-r", str(0x2008), "-c", "3", link]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        values = 0
        for line in process.stdout:
            if line.startswith("["):
                values += 1
            if values == 3 * max(REQUESTS - asked, 20):
                process.send_signal(signal.SIGINT)
            seen = re.search(r"(\d+) frames transmitted, (\d+) received, (\d+) errors", line)
            if seen:
                asked += int(seen[1])
                if seen[3] != "0":
                    fail(f"Polling ended with: {line.strip()}.")


def main(link):
    read_matrix(link, "4")
    read_matrix(link, "3")
    write_settings(link)
    if read(link, "4", 0x2014, 2):
        fail("Reading the hole at 2014 gives values instead of exception 02.")
    change_id(link)
    change_baud(link)
    disturb(link)
    poll(link)
    if asked < REQUESTS:
        fail(f"Only {asked} requests were made.")
    print(f"mbpoll: {asked} requests, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
