#!/usr/bin/env python3
"""A session with several masters at once replays to the same event log: replay_ports.py VMETER CASE

mod  Modbus and the infra-red port of a PRO380-Mod
mb   M-Bus and the infra-red port of a PRO380-Mb

The reader of the infra-red port sets 9600 Bd right behind his acknowledgement, as programs do that
rely on a driver to drain, and hears the rest of the session at it.
"""
import concurrent.futures
import json
import os
import select
import subprocess
import sys
import time

import mbus_port
from live_mb_meter import LiveMbMeter
from live_meter import INTERRUPTED, U_L1, LiveMeter
from raw_port import READ_U_L1, RawPort
from replay import check, expect_the_same

SOH, STX, ETX, ACK = b"\x01", b"\x02", b"\x03", b"\x06"
PATIENCE = 10


def checked(message):
    """SOH … ETX BCC: the exclusive or of all behind SOH."""
    bcc = 0
    for byte in message + ETX:
        bcc ^= byte
    return SOH + message + ETX + bytes((bcc,))


def until(port, end, more=0):
    """What comes, up to `end` and so many characters behind it."""
    answer = b""
    limit = time.monotonic() + PATIENCE
    while end not in answer[: len(answer) - more]:
        ready, _, _ = select.select([port.descriptor], [], [], max(0, limit - time.monotonic()))
        check(ready, f"after {answer} nothing came for {PATIENCE} s")
        answer += os.read(port.descriptor, 1)
    return answer


def sign_on(link, mode):
    """An infra-red session in this mode, at 9600 Bd."""
    port = RawPort(link, 300)
    port.drop_input()
    port.send(b"/?!\r\n")
    identification = until(port, b"\r\n")
    check(identification.startswith(b"/INM5PRO380-M"), f"the meter called itself {identification}")
    port.send(ACK + b"05" + mode + b"\r\n")
    port.set_baud(9600)
    return port


def read_head(link):
    with sign_on(link, b"1") as port:
        until(port, ETX, 1)  # P0
        port.send(checked(b"P1" + STX + b"(00000000)"))
        until(port, ACK)
        port.send(checked(b"R1" + STX + b"2008()"))
        answer = until(port, ETX, 1)
        check(b"2008(230.0" in answer, f"U L1 was answered {answer}")
        port.send(checked(b"B0"))
        time.sleep(0.2)  # it is at 300 Bd again
    with sign_on(link, b"0") as port:
        readout = until(port, ETX, 1)
        check(readout.startswith(STX) and b"!\r\n" in readout, f"the readout was {readout}")


def ask_modbus(link):
    with RawPort(link) as port:
        check(port.ask(READ_U_L1) == U_L1, "no answer with 230.0 V")


def ask_mbus(link):
    with RawPort(link) as port:
        check(mbus_port.ask(port, mbus_port.short(mbus_port.SND_NKE, 1)) == mbus_port.ACK, "no E5")
        for _ in range(2):
            answer = mbus_port.ask(port, mbus_port.short(mbus_port.REQ_UD2 | mbus_port.FCB, 1))
            check(mbus_port.whole(answer), f"REQ_UD2 was answered {answer.hex()}")
        port.send(bytes(range(0x60, 0x70)))  # garbage
        time.sleep(0.2)


def mod(vmeter, folder, files):
    head = f"{folder}/head"
    return LiveMeter(vmeter, "--ir", head, *files, speed=1), head, ask_modbus


def mb(vmeter, folder, files):
    meter = LiveMbMeter(vmeter, *files)
    return meter, meter.links["ir"], ask_mbus


def main(vmeter, case):
    folder = LiveMeter(vmeter).folder  # removed with what is in it
    try:
        files = {name: f"{folder}/{name}" for name in ("journal", "live.log", "replay.log")}
        options = ("--record", files["journal"], "--log", files["live.log"])
        meter, head, ask = {"mod": mod, "mb": mb}[case](vmeter, folder, options)
        with meter, concurrent.futures.ThreadPoolExecutor() as pool:
            reader = pool.submit(read_head, head)
            while not reader.done():
                ask(meter.port)
            reader.result()
            check(meter.stop() == INTERRUPTED, "SIGINT did not end it as it should")
        with open(files["journal"], encoding="utf-8") as journal:
            header, *events = map(json.loads, journal)
        for port in header["ports"]:
            check(any(event.get("port") == port for event in events), f"nothing came from {port}")
        check(len(header["ports"]) == 2, f"the journal has the ports {header['ports']}")
        rates = {event["baud"] for event in events if event.get("port") == "ir"}
        check(rates == {300, 9600}, f"the reader's rates were {rates}")
        expect_the_same(vmeter, files)
    finally:
        subprocess.run(["rm", "-r", folder], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
