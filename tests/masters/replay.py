#!/usr/bin/env python3
"""What was recorded replays to the same event log, byte for byte: replay.py VMETER CASE, with one of

polled   a master reads and writes, at two baud rates, with garbage in between
loaded   the same while four busy loops keep the host from serving the port in time
killed   the session is killed: it replays up to the journal's last line
control  orders over a socket are answered, carried out and replayed
"""
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import time

from live_meter import INTERRUPTED, PATIENCE, LiveMeter, eventually
from raw_port import READ_U_L1, RawPort


def check(holds, sentence):
    if not holds:
        raise AssertionError(sentence)


def recorded(vmeter, folder, *options):
    files = {name: f"{folder}/{name}" for name in ("journal", "live.log", "replay.log", "control")}
    meter = LiveMeter(vmeter, "--record", files["journal"], "--log", files["live.log"], *options)
    return meter, files


def replay(vmeter, files):
    """Runs the journal and returns its log."""
    command = [vmeter, "replay", files["journal"], "--log", files["replay.log"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    check(done.returncode == 0, f"replay ended with status {done.returncode}: {done.stderr}")
    with open(files["replay.log"], "rb") as log:
        return log.read()


def expect_the_same(vmeter, files):
    replayed = replay(vmeter, files)
    with open(files["live.log"], "rb") as log:
        live = log.read()
    check(live.count(b"\n") > 100, "the log of the session is too short to tell anything")
    check(live == replayed, "the logs of session and replay differ")
    print(f"{live.count(bytes([10]))} records, twice the same")


def talk(link, times):
    """Reads and writes; nothing here judges the answers but that they come."""
    for n in range(times):
        with RawPort(link) as port:
            check(port.ask(READ_U_L1), f"no answer to request {n}")
            rate = struct.pack(">f", 2000 if n % 2 else 1000)
            check(port.ask(bytes.fromhex("01101066000204") + rate), f"no answer to write {n}")
            if n % 5 == 0:
                port.send(bytes(range(50)))
                time.sleep(0.1)
                port.drop_input()
    for old, new in ((9600, 1200), (1200, 9600)):
        with RawPort(link, old) as port:
            check(port.ask(bytes.fromhex("01061020") + struct.pack(">H", new)), "no new baud rate")
        with RawPort(link, new) as port:
            check(port.ask(READ_U_L1), f"no answer at {new} Bd")


def polled(vmeter, folder):
    meter, files = recorded(vmeter, folder)
    with meter:
        talk(meter.link, 20)
        check(meter.stop() == INTERRUPTED, "SIGINT did not end it as it should")
    expect_the_same(vmeter, files)


def image(vmeter, folder):
    """The flashed image ran the meter, and runs it again without being named."""
    meter, files = recorded(vmeter, folder, "--cpu", "iss")
    with meter:
        with RawPort(meter.link) as port:
            check(port.ask(READ_U_L1), "no answer")
        check(meter.stop() == INTERRUPTED, "SIGINT did not end it as it should")
    expect_the_same(vmeter, files)
    with open(files["journal"], encoding="utf-8") as journal:
        header, *events = journal.read().splitlines()
    header = json.loads(header)
    check(header["cpu"] == "iss", "the journal does not say what ran the meter")
    header["image"]["crc32"] ^= 1
    with open(files["journal"], "w", encoding="utf-8") as journal:
        journal.write("\n".join([json.dumps(header), *events]) + "\n")
    command = [vmeter, "replay", files["journal"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    check(done.returncode == 2 and "changed since" in done.stderr, f"another image: {done.stderr}")
    done = subprocess.run([*command, "--cpu", "iss"], capture_output=True, text=True, timeout=PATIENCE, check=False)
    check(done.returncode == 2 and "changed since" in done.stderr, f"another, --cpu: {done.stderr}")
    done = subprocess.run([*command, "--cpu", "native"], capture_output=True, text=True, timeout=PATIENCE, check=False)
    check(done.returncode == 0, f"natively: {done.stderr}")


def loaded(vmeter, folder):
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            busy = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(busy.kill)
        polled(vmeter, folder)


def killed(vmeter, folder):
    """It leaves no log; all frames but the last, with which the replay ends, go on the wire again."""
    meter, files = recorded(vmeter, folder)
    with meter:
        talk(meter.link, 5)
        meter.kill()
    with open(files["journal"], encoding="utf-8") as journal:
        frames = [json.loads(line) for line in journal.read().splitlines()[1:]]
    records = [json.loads(line) for line in replay(vmeter, files).splitlines()]
    sent = [r["value"] for r in records if r.get("instance") == "bus.port" and r["event"] == "byte"]
    check(bytes(sent).hex().upper() == "".join(f.get("bytes", "") for f in frames[:-1]), "frames are missing")
    check(records[-1]["t"] <= frames[-1]["t"], "the replay has gone too far")
    print(f"{len(records)} records up to {frames[-1]['t']} ps")


def control(vmeter, folder):
    path = f"{folder}/control"
    meter, files = recorded(vmeter, folder, "--control", path)
    orders = ["press: {button: left}", "set: {current: 10 A}", "set: {L2: {voltage: 220 V}}"]
    wrong = ["press: {button: middle}", "set: {current: 10}", "no order at all", "{", "at: 1 s"]
    with meter, socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        answers = client.makefile(encoding="utf-8")
        for order in [*orders, *wrong]:
            client.sendall(order.encode() + b"\n")
            client.settimeout(PATIENCE)
            answer = answers.readline().strip()
            fine = answer == "ok" if order in orders else answer.startswith("error: ")
            check(fine, f"'{order}' was answered '{answer}'")
        with RawPort(meter.link) as port:
            expected = bytes.fromhex("010304") + struct.pack(">f", 10)
            eventually(lambda: port.ask(bytes.fromhex("010320680002")) == expected, "I L1 of 10 A")
        check(meter.stop() == INTERRUPTED, "SIGINT did not end it as it should")
        check(not os.path.lexists(path), "the control socket is still there")
    with open(files["journal"], encoding="utf-8") as journal:
        lines = [json.loads(line) for line in journal]
    kept = [line["control"] for line in lines if "control" in line]
    check(kept == orders, f"the journal has the orders {kept}")
    expect_the_same(vmeter, files)


def main(vmeter, case):
    folder = LiveMeter(vmeter).folder  # removed with what is in it
    with contextlib.ExitStack() as stack:
        stack.callback(subprocess.run, ["rm", "-r", folder], check=True)
        cases = {"polled": polled, "image": image, "loaded": loaded, "killed": killed, "control": control}
        cases[case](vmeter, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
