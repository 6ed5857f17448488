#!/usr/bin/env python3
"""libmbus's command-line tools as masters: libmbus_tools.py FOLDER CASE LINK, with the tools in FOLDER.
Each call opens the port, asks and closes it. Prints what failed; status 0 if nothing did.

one   a meter with primary address 1 and secondary address 14500001 INM, version 1, medium 2
two   two meters with primary address 1, 14500137 and 14500152
"""
import os
import re
import subprocess
import sys
import time

import mbus_port
import mbus_records
from raw_port import RawPort

ADDRESS = "14500001CD250102"  # the maker as it goes over the wire
OTHER_ADDRESS = "14500002CD250102"
TWO = ["14500137CD250102", "14500152CD250102"]
PATIENCE = 60  # seconds
failures = []
folder, link = sys.argv[1], sys.argv[3]


def check(holds, sentence):
    if not holds:
        print(sentence)
        failures.append(sentence)


def tool(name, *arguments, baud=9600):
    """What it printed and whether it was content."""
    command = [f"{folder}/mbus-serial-{name}", "-b", str(baud), link, *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, encoding="latin-1", timeout=PATIENCE, check=False
    )
    return done.stdout, done.stderr, done.returncode == 0


def send(frame, baud=9600, timeout=2):
    """By hand, what no tool sends; the answer."""
    with RawPort(link, baud) as port:
        return mbus_port.ask(port, frame, timeout)


def scan(last):
    """What is found from address 0 to `last`; the tool itself goes on to 250."""
    command = ["stdbuf", "-oL", f"{folder}/mbus-serial-scan", "-d", "-b", "9600", link]
    found = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="latin-1"
    ) as process:
        for line in process.stdout:
            asked = re.search(r"SEND \(005\): 10 40 (..)", line)
            if asked and int(asked[1], 16) > last:
                process.kill()
                break
            found += re.findall(r"(Found|Collision) .*address (\d+)", line)
    return found


def expect_default_set(name, address, **how):
    answer, said, content = tool(name, address, **how)
    wrong = mbus_records.judge(answer, mbus_records.DEFAULT) if content else [said]
    check(not wrong, f"{name} {address}: {wrong}")
    return mbus_records.access_number(answer) if not wrong else None


def expect_silence(why, address=1, **how):
    answer, said, content = tool("request-data", address, **how)
    check(not content and "Failed to receive" in said, f"There was an answer {why}: {answer}{said}")


def read_one_telegram():
    """Each tool begins with SND_NKE to address 253: its request is the first of a sequence."""
    first = expect_default_set("request-data", 1)
    second = expect_default_set("request-data", 1)
    third = expect_default_set("request-data-multi-reply", 254)
    check(
        None not in (first, second, third) and (third - first) % 256 == 2,
        f"Three telegrams have the access numbers {first}, {second}, {third}.",
    )


def reset_application(subcode):
    """By hand: no tool does it over a serial port."""
    check(send(mbus_port.short(mbus_port.SND_NKE, 1)) == mbus_port.ACK, "SND_NKE got no E5.")
    reset = mbus_port.long(mbus_port.SND_UD | mbus_port.FCB, 1, 0x50, subcode)
    check(send(reset) == mbus_port.ACK, f"Application reset {subcode.hex()} got no E5.")


def read_all_rows():
    """Telegrams until one does not say that more follow."""
    reset_application(b"\0")
    answer, said, content = tool("request-data-multi-reply", 1)
    for wrong in mbus_records.judge(answer, mbus_records.ALL) if content else [said]:
        check(False, wrong)
    telegrams = 1 + answer.count("More records follow")
    check(telegrams > 2, f"All rows came in {telegrams} telegrams.")
    reset_application(b"")


def select():
    for mask in (ADDRESS, "14500001FFFFFFFF", "1450FFFFFFFFFFFF", "FFFFFFFFFFFFFF02"):
        answer, said, _ = tool("select-secondary", mask)
        check(f"found [{ADDRESS}]" in answer, f"select-secondary {mask}: {answer}{said}")
    for mask in (OTHER_ADDRESS, "14500001CD250103", "14500001CD250202", "14500001CE250102"):
        answer, said, content = tool("select-secondary", mask)
        check(not content and "No reply" in said, f"select-secondary {mask}: {answer}{said}")
    for name in ("request-data", "request-data-multi-reply"):
        expect_default_set(name, ADDRESS)
        _, said, content = tool(name, OTHER_ADDRESS)
        check(not content and "does not match any device" in said, f"{name}: {said}")


def search(mask):
    """The secondary addresses that the search finds below `mask`, in its order."""
    answer, said, _ = tool("scan-secondary", mask)
    check("Unexpected" not in said, said)
    return re.findall(r"secondary address (\S+)", answer)


def change_address():
    for old, new in ((1, 250), (250, 1)):
        answer, said, content = tool("set-address", old, new)
        check(content and f"device to {new}" in answer, f"set-address {old} {new}: {answer}{said}")
        expect_silence(f"at the old address {old}", old)
        expect_default_set("request-data", new)
    _, said, content = tool("set-address", OTHER_ADDRESS, 5)
    check(not content and "does not match" in said, f"set-address {OTHER_ADDRESS}: {said}")
    for old, new in ((ADDRESS, 5), (5, 1)):
        answer, said, _ = tool("set-address", old, new)
        check(f"device to {new}" in answer, f"set-address {old} {new}: {answer}{said}")
    _, said, content = tool("set-address", 1, 1)
    check(not content and "Got a response" in said, f"set-address 1 1: {said}")
    expect_default_set("request-data", 1)


def change_baud():
    """Not 2400 Bd: libmbus sets that twice, which the C library refuses for a pseudo terminal."""
    for old, new in ((9600, 4800), (4800, 1200), (1200, 9600)):
        answer, said, content = tool("switch-baudrate", 1, new, baud=old)
        check(content and f"device to {new}" in answer, f"switch-baudrate {new}: {answer}{said}")
        expect_silence(f"at {old} Bd though the meter has {new} Bd", baud=old)
        expect_default_set("request-data", 1, baud=new)


def disturb():
    """Noise, half a frame, wrong checksum, lengths and end: silence, then it answers as before."""
    select_all = mbus_port.long(mbus_port.SND_UD, 0xFD, 0x52, b"\xff" * 8)
    request = mbus_port.short(mbus_port.REQ_UD2, 1)
    for garbage in (
        bytes(range(200)),
        select_all[:9],
        select_all[:-2] + bytes((select_all[-2] ^ 1, 0x16)),
        b"\x68\x0b\x0c" + select_all[3:],
        request[:-1] + b"\x17",
    ):
        answer = send(garbage, timeout=0.5)
        check(answer == b"", f"To {garbage.hex()} the meter says {answer.hex()}.")
        expect_default_set("request-data", 1)
    port = os.open(link, os.O_WRONLY | os.O_NOCTTY)
    os.write(port, request)
    os.close(port)
    time.sleep(0.5)  # nobody is there to hear the answer, and it waits for nobody
    expect_default_set("request-data", 1)


def one():
    found = scan(4)
    check(found == [("Found", "1")], f"scan finds {found}.")
    read_one_telegram()
    read_all_rows()
    select()
    found = search("1450000FFFFFFFFF")
    check(found == [ADDRESS], f"scan-secondary finds {found}.")
    change_address()
    change_baud()
    disturb()


def two():
    """Both answer to address 1: collisions. The search parts them, and then each has its own address."""
    found = scan(2)
    check(found == [("Collision", "1")], f"scan finds {found}.")
    for name, address, why in (
        ("request-data", 1, "Failed to receive"),
        ("request-data", 254, "Failed to receive"),
        ("request-data", "145001FFFFFFFFFF", "matches more than one device"),
        ("request-data-multi-reply", 1, "Received invalid"),
        ("request-data-multi-reply", "FFFFFFFFFFFFFFFF", "matches more than one device"),
    ):
        answer, said, content = tool(name, address)
        check(not content and why in said, f"{name} {address} of both: {answer}{said}")
    found = search("14500FFFFFFFFFFF")
    check(found == TWO, f"scan-secondary finds {found}.")
    for address, new in zip(TWO, (5, 6)):
        answer, said, _ = tool("set-address", address, new)
        check(f"device to {new}" in answer, f"set-address {address} {new}: {answer}{said}")
    found = scan(7)
    check(found == [("Found", "5"), ("Found", "6")], f"scan finds {found}.")
    for address, secondary in zip((5, 6), TWO):
        answer, said, _ = tool("request-data", address)
        check(f"<Id>{secondary[:8]}</Id>" in answer, f"request-data {address}: {answer}{said}")


if __name__ == "__main__":
    {"one": one, "two": two}[sys.argv[2]]()
    print(f"libmbus: {len(failures)} failures")
    sys.exit(1 if failures else 0)
