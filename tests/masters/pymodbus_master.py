#!/usr/bin/python3
"""pymodbus as a master: pymodbus_master.py LINK. Prints what failed; status 0 if nothing did."""
import json
import logging
import pathlib
import struct
import sys
import time

from pymodbus.client import ModbusSerialClient

ROWS = json.loads((pathlib.Path(__file__).parent / "rows.json").read_text(encoding="utf-8"))
REQUESTS = 300
failures = []
asked = 0


def fail(sentence):
    print(sentence)
    failures.append(sentence)


def port(link, baud=9600, timeout=5.0):
    """Without retries: what is not answered at once counts as not answered. Not strict: pymodbus sets
    a time-out between characters otherwise, which a pseudo terminal with parity refuses."""
    client = ModbusSerialClient(
        link, baudrate=baud, parity="E", timeout=timeout, retries=0, strict=False
    )
    client.connect()
    return client


def read(client, address, count, meter=1):
    """The bytes of `count` registers; None without an answer."""
    global asked
    asked += 1
    answer = client.read_holding_registers(address, count, slave=meter)
    if answer.isError():
        return None
    return struct.pack(f">{count}H", *answer.registers)


def write(client, address, data, meter=1):
    """Function 06 for one register, 10 for more."""
    global asked
    asked += 1
    words = list(struct.unpack(f">{len(data) // 2}H", data))
    if len(words) == 1:
        answer = client.write_register(address, words[0], slave=meter)
    else:
        answer = client.write_registers(address, words, slave=meter)
    if answer.isError():
        fail(f"Writing {data.hex()} to {address:04X} was not acknowledged: {answer}.")


def expect(client, address, data, meter=1):
    seen = read(client, address, len(data) // 2, meter)
    if seen != data:
        fail(f"{address:04X} of meter {meter} reads {seen and seen.hex()} instead of {data.hex()}.")


def expect_silence(link, baud, meter, why):
    client = port(link, baud, timeout=0.3)
    if read(client, 0x1018, 1, meter) is not None:
        fail(f"There was an answer {why}.")
    client.close()
    time.sleep(0.2)  # pymodbus has opened the port once more, see tests/README


def matches(row, data):
    if row["type"] == "bcd":
        return data.hex() == row["text"]
    if row["type"] == "ascii":
        return data.rstrip(b"\0").decode() == row["text"]
    (value,) = struct.unpack(">f" if row["type"] == "float" else ">h", data)
    return row["from"] <= value <= row["to"]


def read_matrix(client):
    for row in ROWS:
        data = read(client, int(row["address"], 16), row["bytes"] // 2)
        if data is None or not matches(row, data):
            fail(f"{row['name']} reads {data and data.hex()}, expected {row}.")


def write_settings(client):
    for address, other, default in (
        (0x1066, struct.pack(">f", 2000), struct.pack(">f", 1000)),  # S0 rate
        (0x107A, b"\0\1", b"\0\5"),  # combined code
        (0x1510, b"\0\x25", b"\0\x10"),  # LCD time, BCD
        (0x2200, b"\0\2", b"\0\1"),  # tariff
    ):
        for data in (other, default):
            write(client, address, data)
            expect(client, address, data)


def change_id(link):
    client = port(link)
    write(client, 0x1018, b"\0\x11")
    expect(client, 0x1018, b"\0\x11", meter=17)
    client.close()
    expect_silence(link, 9600, 1, "at the old ID")
    client = port(link)
    write(client, 0x1018, b"\0\1", meter=17)
    expect(client, 0x1018, b"\0\1")
    client.close()


def change_baud(link):
    for old, new in ((9600, 1200), (1200, 9600)):
        client = port(link, old)
        write(client, 0x1020, struct.pack(">h", new))
        client.close()
        expect_silence(link, old, 1, f"at {old} Bd though the meter has {new} Bd")
        client = port(link, new)
        expect(client, 0x1020, struct.pack(">h", new))
        client.close()


def disturb(client):
    """Garbage, half a request, a request with a wrong CRC: then it answers as before."""
    for bytes_sent in (bytes(range(200)), bytes.fromhex("0103"), bytes.fromhex("0103200800020000")):
        client.socket.write(bytes_sent)
        time.sleep(0.2)
        client.socket.reset_input_buffer()
        expect(client, 0x1018, b"\0\1")


def main(link):
    logging.disable(logging.CRITICAL)
    for _ in range(5):
        client = port(link)
        expect(client, 0x1018, b"\0\1")
        client.close()
    client = port(link)
    read_matrix(client)
    write_settings(client)
    hole = client.read_holding_registers(0x2014, 2, slave=1)
    if not hole.isError() or getattr(hole, "exception_code", None) != 2:
        fail(f"Reading the hole at 2014 gives {hole} instead of exception 02.")
    client.close()
    change_id(link)
    change_baud(link)
    client = port(link)
    disturb(client)
    while asked < REQUESTS:
        expect(client, 0x1020, struct.pack(">h", 9600))
    client.close()
    print(f"pymodbus: {asked} requests, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
