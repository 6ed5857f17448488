#!/usr/bin/env python3
"""sigrok_decodes.py VMETER SCENARIOS CASE: what a logic analyser makes of our waveform files.

Runs a bundled scenario with --vcd and --log, lets sigrok-cli decode the wires, and holds what it
found against the log's byte records. Nothing here knows how the file is written."""
import json
import os
import re
import subprocess
import sys
import tempfile

PS_PER_US = 1_000_000


def fail(what):
    print(what)
    sys.exit(1)


def run(arguments):
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if result.returncode != 0 or result.stderr:
        fail(f"{' '.join(arguments)}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


class Run:
    def __init__(self, vmeter, scenario, folder, step="1 us"):
        self.vcd = os.path.join(folder, "wires.vcd")
        log = os.path.join(folder, "log.jsonl")
        run([vmeter, "run", scenario, "--vcd", self.vcd, "--vcd-step", step, "--log", log])
        with open(log, encoding="utf-8") as lines:
            self.records = [json.loads(line) for line in lines]

    def bytes_of(self, *instances):
        """(start in ps, value) of every byte sent, in order of time."""
        return sorted((r["start"], r["value"]) for r in self.records
                      if r["event"] == "byte" and r["instance"] in instances)

    def rises_of(self, instance):
        return sum(1 for r in self.records
                   if r["instance"] == instance and r["event"] == "edge" and r["on"])

    def decode(self, decoders, annotations, options=""):
        """(first sample, text) of each annotation."""
        out = run(["sigrok-cli", "-I", "vcd" + options, "-i", self.vcd, "-P", decoders,
                   "-A", annotations, "--protocol-decoder-samplenum"])
        found = re.findall(r"^(\d+)-\d+ \S+: (.*)$", out, re.MULTILINE)
        return [(int(sample), text) for sample, text in found]


def compare_bytes(name, decoded, sent, baud):
    """Data bits begin one bit after the start edge; the file counts in whole microseconds."""
    if len(sent) < 20:
        fail(f"{name}: only {len(sent)} bytes were sent: the scenario shows nothing")
    if [int(text, 16) for _, text in decoded] != [value for _, value in sent]:
        fail(f"{name}: {len(decoded)} bytes decoded, {len(sent)} sent, or others")
    for (sample, _), (start, value) in zip(decoded, sent):
        expected_us = start / PS_PER_US + 1e6 / baud
        if abs(sample - expected_us) > 2:
            fail(f"{name}: byte {value:02X} decoded at {sample} us, sent at {expected_us} us")
    print(f"{name}: {len(sent)} bytes as they were sent")


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def frames_of(sent, baud):
    """Bytes joined where no more than one and a half characters lie between them."""
    frames = []
    end = None
    for start, value in sent:
        if end is None or start - end > 16.5e12 / baud:
            frames.append((start, bytearray()))
        frames[-1][1].append(value)
        end = start + 11e12 / baud
    return frames


FUNCTIONS = {3: "Read Holding Registers", 4: "Read Input Registers"}


def modbus_text(frame, is_request):
    """What a reader of the Modbus specification says to a read of registers and its answer."""
    if crc16(frame) != 0 or frame[1] not in FUNCTIONS:
        fail(f"the scenario is expected to read registers with good CRCs, found {frame.hex()}")
    words = [int.from_bytes(frame[n:n + 2], "big") for n in range(2, len(frame) - 3, 2)]
    text = [f"Slave ID: {frame[0]}", f"Function {frame[1]}: {FUNCTIONS[frame[1]]}"]
    if is_request:
        text += [f"Start at address 0x{words[0]:04X}", f"Read {words[1]} units of data"]
    else:
        text += [f"Byte count: {frame[2]}"]
        text += [f"0x{int.from_bytes(frame[n:n + 2], 'big'):04X}"
                 for n in range(3, len(frame) - 2, 2)]
    return text + ["CRC correct"]


MODBUS_WIRES = "uart:rx=bus_master_tx:tx=m1_bus_tx:baudrate=9600:parity=even"


def modbus(vmeter, scenarios, folder):
    here = Run(vmeter, os.path.join(scenarios, "modbus-matrix.yaml"), folder)
    asked = here.bytes_of("bus.master")
    answered = here.bytes_of("m1.uart_bus")
    compare_bytes("master", here.decode(MODBUS_WIRES, "uart=rx-data"), asked, 9600)
    compare_bytes("meter", here.decode(MODBUS_WIRES, "uart=tx-data"), answered, 9600)
    compare_bytes("line", here.decode("uart:rx=bus_line:baudrate=9600:parity=even",
                                      "uart=rx-data"), sorted(asked + answered), 9600)
    if here.decode(MODBUS_WIRES, "uart=rx-parity-err:tx-parity-err:rx-warnings:tx-warnings"):
        fail("the decoder found errors on a line without noise")

    frames = [(start, frame, True) for start, frame in frames_of(asked, 9600)]
    frames += [(start, frame, False) for start, frame in frames_of(answered, 9600)]
    expected = [text for _, frame, is_request in sorted(frames)
                for text in modbus_text(frame, is_request)]
    decoded = [text.split(" / ")[0] for _, text in
               here.decode(MODBUS_WIRES + ",modbus:cschannel=RX:scchannel=TX", "modbus")]
    for n, (seen, wanted) in enumerate(zip(decoded, expected)):
        if seen != wanted:
            fail(f"Modbus annotation {n}: {seen}, expected {wanted}")
    if len(decoded) != len(expected):
        fail(f"{len(decoded)} Modbus annotations, expected {len(expected)}")
    print(f"Modbus: {len(frames)} frames, {len(expected)} annotations as the specification has them")


def mbus(vmeter, scenarios, folder):
    here = Run(vmeter, os.path.join(scenarios, "mbus-answer-times.yaml"), folder)
    wires = "uart:rx=mbus_line:tx=mbus_current:baudrate=9600:parity=even"
    compare_bytes("voltage", here.decode(wires, "uart=rx-data"), here.bytes_of("mbus.master"), 9600)
    meters = [meter + ".uart_bus" for meter in ("usual", "slow", "too_slow")]
    compare_bytes("current", here.decode(wires, "uart=tx-data"), here.bytes_of(*meters), 9600)
    for meter in ("usual", "slow", "too_slow"):
        pin = f"uart:rx={meter}_bus_tx:baudrate=9600:parity=even"
        compare_bytes(meter, here.decode(pin, "uart=rx-data"),
                      here.bytes_of(meter + ".uart_bus"), 9600)


def pulses(vmeter, scenarios, folder):
    here = Run(vmeter, os.path.join(scenarios, "load-step.yaml"), folder)
    for wire in ("s0_forward", "led_active"):
        counted = here.decode(f"counter:data=m1_{wire}:data_edge=rising", "counter=edge_count")
        sent = here.rises_of("m1." + wire)
        if sent < 1000 or int(counted[-1][1]) != sent:
            fail(f"{wire}: {counted[-1][1]} rising edges counted, {sent} in the log")
        print(f"{wire}: {sent} pulses")


def exact(vmeter, scenarios, folder):
    """The file with its picoseconds: the analyser is told to thin it out, GTKWave takes it whole."""
    here = Run(vmeter, os.path.join(scenarios, "modbus-matrix.yaml"), folder, "1 ps")
    compare_bytes("master", here.decode(MODBUS_WIRES, "uart=rx-data", ":downsample=1000000"),
                  here.bytes_of("bus.master"), 9600)
    fst = os.path.join(folder, "wires.fst")
    run(["vcd2fst", here.vcd, fst])
    back = run(["fst2vcd", "-f", fst])
    with open(here.vcd, encoding="ascii") as file:
        ours = file.read()

    def shape(text):
        head, body = text.split("$enddefinitions $end\n", 1)
        wires = re.findall(r"\$var wire\s+1\s+\S+\s+(\S+)", head)
        times = [int(t) for t in re.findall(r"^#(\d+)$", body, re.MULTILINE)]
        return sorted(wires), times[:-1], len(re.findall(r"^[01]\S+$", body, re.MULTILINE))
    if shape(back) != shape(ours):
        fail("GTKWave's converter gave other wires, times or numbers of changes back")
    if not re.search(r"\$timescale\s+1\s*ps\s+\$end", back):
        fail("GTKWave's converter took another time scale")
    print(f"{len(shape(ours)[1])} instants to the picosecond")


def main():
    vmeter, scenarios, case = sys.argv[1:]
    cases = {"modbus": modbus, "mbus": mbus, "pulses": pulses, "exact": exact}
    with tempfile.TemporaryDirectory() as folder:
        cases[case](vmeter, scenarios, folder)


if __name__ == "__main__":
    main()
