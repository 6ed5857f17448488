#!/usr/bin/env python3
"""As replay.py, for M-Bus and infra-red: replay_mb.py VMETER FOLDER CASE, with what npm installed in
FOLDER, and one of

ports       libmbus reads at two baud rates while smartmeter-obis reads the optical head, and noise
collisions  two meters answer at once, and one of them alone
"""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

import mbus_port
from live_mb_meter import LiveMbMeter
from live_meter import INTERRUPTED, PATIENCE
from raw_port import RawPort
from replay import check, expect_the_same

HERE = pathlib.Path(__file__).parent


def tool(folder, name, *arguments):
    command = [f"{folder}/libmbus/bin/mbus-serial-{name}", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    return done.stdout.decode("latin-1")


def read_both(meter, folder):
    reader = ["node", HERE / "smartmeter_obis_reader.js", meter.links["ir"], "once"]
    environment = {**os.environ, "NODE_PATH": f"{folder}/node_modules"}
    link = meter.links["mbus"]
    with subprocess.Popen(reader, env=environment) as reading:
        for old, new in (("9600", "1200"), ("1200", "9600")):
            for name in ("request-data", "request-data-multi-reply"):
                told = tool(folder, name, "-b", old, link, "1")
                check("<Id>14500001</Id>" in told, f"{name} at {old} Bd: {told}")
            told = tool(folder, "switch-baudrate", "-b", old, link, "1", new)
            check(f"to {new}" in told, f"switch-baudrate to {new}: {told}")
            with RawPort(link, int(new)) as port:
                mbus_port.ask(port, bytes(range(100)), 0.2)
        check(reading.wait(PATIENCE) == 0, "smartmeter-obis is not content")


def collide(meter, folder):
    for address in ("1", "254", "145001FFFFFFFFFF"):
        told = tool(folder, "request-data", "-b", "9600", meter.link, address)
        check("<Id>" not in told, f"both are understood: {told}")
    told = tool(folder, "request-data", "-b", "9600", meter.link, "14500137CD250102")
    check("<Id>14500137</Id>" in told, f"one alone is not understood: {told}")


CASES = {
    "ports": ("meter_mb.yaml", read_both, ("uart_bus", "uart_ir")),
    "collisions": ("two_meters_mb.yaml", collide, ("cellar.uart_bus", "roof.uart_bus")),
}


def main(vmeter, folder, case):
    scenario, session, terminals = CASES[case]
    here = LiveMbMeter(vmeter).folder  # removed with what is in it
    files = {name: f"{here}/{name}" for name in ("journal", "live.log", "replay.log")}
    options = ("--record", files["journal"], "--log", files["live.log"])
    with contextlib.ExitStack() as stack:
        stack.callback(subprocess.run, ["rm", "-r", here], check=True)
        with LiveMbMeter(vmeter, *options, scenario=scenario) as meter:
            session(meter, folder)
            check(meter.stop() == INTERRUPTED, "SIGINT did not end it as it should")
        with open(files["live.log"], encoding="utf-8") as log:
            instances = [json.loads(line).get("instance", "") for line in log]
        for terminal in terminals:
            heard = sum(name.endswith(terminal) for name in instances)
            check(heard > 50, f"only {heard} records of {terminal}")
        expect_the_same(vmeter, files)


if __name__ == "__main__":
    main(*sys.argv[1:])
