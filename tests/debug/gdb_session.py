#!/usr/bin/env python3
"""Debugs the firmware with gdb as a person would, and holds the event log against the run without.

Usage: gdb_session.py VMETER FIRMWARE.elf
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

vmeter, firmware = sys.argv[1:]
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
scenario = os.path.join(root, "scenarios", "load-step.yaml")
# Waits are for what must come, and only as long as nobody is stuck.
patience_s = 120


def fail(what, *shown):
    print(f"gdb_session: {what}", *shown, sep="\n")
    sys.exit(1)


def expect(pattern, text, what):
    found = re.search(pattern, text, re.S)
    if not found:
        fail(f"{what}: expected {pattern!r} in", text)
    return found


class Meter:
    """A run that waits for gdb."""

    def __init__(self, folder, name, *options):
        self.log = os.path.join(folder, name + ".jsonl")
        self.process = subprocess.Popen(
            [vmeter, "run", scenario, "--cpu", "iss", "--firmware", firmware, "--gdb", "0",
             "--log", self.log, *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = self.process.stderr.readline()
        self.port = expect(r"m1 waits for gdb: target remote localhost:(\d+)\n", said,
                           "the port").group(1)

    def end(self, status):
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            fail("the run does not end")
        if self.process.returncode != status:
            fail(f"status {self.process.returncode}, expected {status}", self.process.stderr.read())
        with open(self.log, "rb") as file:
            return file.read()


def gdb_command(port, *commands):
    command = ["gdb-multiarch", "-nx", "-q"]
    settings = ["set pagination off", "set confirm off", "set width 0", f"file {firmware}",
                f"target remote localhost:{port}"]
    for line in [*settings, *commands]:
        command += ["-ex", line]
    return command


def in_batch(port, *commands):
    command = gdb_command(port, *commands)
    command.insert(1, "-batch")
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience_s)
    return done.stdout + done.stderr


def plain_log(folder, name, until):
    log = os.path.join(folder, name + ".jsonl")
    subprocess.run([vmeter, "run", scenario, "--cpu", "iss", "--firmware", firmware, "--log", log,
                    "--until", until], check=True, stdout=subprocess.DEVNULL)
    with open(log, "rb") as file:
        return file.read()


def stops_reads_steps_and_watches(folder):
    meter = Meter(folder, "debugged", "--until", "2 s")
    said = in_batch(
        meter.port,
        "print $pc",
        "break metrology::signal::process_block",
        "continue", "continue",
        "backtrace 2",
        "printf \"next set %d\\n\", (int)state.next_set",
        "stepi", "next", "next", "finish",
        "delete",
        # COMPARE of the active LED's pulse timer: armed anew for each pulse.
        "watch *(unsigned*)0x40004000",
        "continue", "x/1i $pc", "continue",
        "delete",
        # CLAIM of the interrupt controller, whose reading has effects: not for a debugger.
        "awatch *(unsigned*)0x40004004",
        "continue",
        "delete",
        "set $r = (int)$mcycle", "printf \"mcycle %d\\n\", $r > 0",
        "monitor time",
        "detach")
    expect(r"\$1 = .*0x80 <reset>", said, "where it begins")
    expect(r"Breakpoint 1, metrology::signal::process_block.*signal_path\.cpp:\d+", said, "the stop")
    expect(r"#0 +metrology::signal::process_block.*#1 .*metrology::app::process_blocks", said,
           "the callers")
    # The first block of 128 sets is over at the first stop, before it is counted; at the second it
    # is.
    expect(r"next set 128\n", said, "the variable")
    expect(r"next set 128\n0x[0-9a-f]+\t\d+\t.*\n\d+\t.*\n\d+\t.*metrology::app::process_blocks"
           r".*Value returned is", said, "an instruction, two lines, and the end of the function")
    values = re.findall(r"Old value = (\d+)\nNew value = (\d+)\n", said)
    if len(values) != 2 or values[0][0] != "0" or values[0][1] != values[1][0]:
        fail("watching a register: expected two writes, the first after 0", said)
    expect(r"New value = \d+\n[^\n]*arm_next[^\n]*\n\d+\t[^\n]*= value;\n"
           r"=> 0x[0-9a-f]+ <[^\n]*arm_next", said, "behind the watched write, at its line")
    expect(r"Hardware access \(read/write\) watchpoint 3.*Value = \d+", said, "the access")
    expect(r"mcycle 1\n", said, "a CSR")
    expect(r"\n\d+\.\d{12} s\n", said, "the simulated time")
    if meter.end(0) != plain_log(folder, "plain", "2 s"):
        fail("the event log is not that of the run without gdb")


def what_gdb_must_not_do(folder):
    meter = Meter(folder, "refused", "--until", "100 ms")
    said = in_batch(meter.port, "continue", "detach")
    expect(r"exited normally", said, "the end of the run")
    meter.end(0)
    for command, answer in [("x/1xw 0x4000c014", "Cannot access memory"),  # RX_DATA takes
                            ("x/1xw 0x60000000", "Cannot access memory"),
                            ("set {int}0x80 = 0", "Cannot access memory|[Ee]rror")]:
        meter = Meter(folder, "refused", "--until", "100 ms")
        expect(answer, in_batch(meter.port, command), command)
        meter.end(0)


def interrupts_and_kills(folder):
    # Long enough that it still runs when somebody presses Ctrl-C.
    meter = Meter(folder, "killed", "--set", "duration=10 h")
    gdb = subprocess.Popen(gdb_command(meter.port, "echo ready\\n"), stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""

    def tell(line):
        gdb.stdin.write(line + "\n")
        gdb.stdin.flush()

    def read_until(pattern):
        nonlocal said
        begin = time.monotonic()
        while not re.search(pattern, said, re.S):
            piece = os.read(gdb.stdout.fileno(), 4096).decode()
            if not piece or time.monotonic() - begin > patience_s:
                fail(f"gdb: expected {pattern!r} in", said)
            said += piece
        said = ""

    read_until("ready")
    tell("continue")
    read_until("Continuing")
    time.sleep(0.5)
    gdb.send_signal(signal.SIGINT)
    read_until("received signal SIGINT")
    tell("monitor cycles")
    read_until(r"\d+ core clocks, \d+ instructions")
    tell("kill")
    tell("quit")
    gdb.communicate(timeout=patience_s)
    log = meter.end(130)
    plain = plain_log(folder, "plain20", "20 s")
    common = min(len(log), len(plain))
    if common == 0 or log[:common] != plain[:common]:
        fail("the event log of the run that was killed is not the begin of the whole")


def ends_by_sigint_while_halted(folder):
    meter = Meter(folder, "stopped")
    with socket.create_connection(("127.0.0.1", int(meter.port)), patience_s) as client:
        client.sendall(b"$?#3f")
        if client.recv(1) != b"+":
            fail("no answer")
        meter.process.send_signal(signal.SIGINT)
        meter.end(130)


def refuses_in_one_sentence():
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    one = [vmeter, "run", scenario, "--firmware", firmware, "--cpu", "iss", "--gdb"]
    several = os.path.join(root, "scenarios", "modbus-same-id.yaml")
    for command, sentence in [
            ([vmeter, "run", scenario, "--gdb", "0"], "no meter that runs the flashed image"),
            ([*one, "70000"], "expected a whole number, 0 to 65535"),
            ([*one, "m9:0"], "no meter \"m9\" that runs"),
            ([*one, str(port)], f"--gdb {port}: the port cannot be had: Address already in use"),
            ([*one, "0", "--jobs", "2"], "found --jobs 2 beside it"),
            ([*one, "0", several], "found 2 scenarios, expected one"),
            ([vmeter, "run", several, "--firmware", firmware, "--cpu", "iss", "--gdb", "0"],
             "3 meters that run the flashed image, expected one of them named")]:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience_s)
        if done.returncode != 2 or sentence not in done.stderr or done.stderr.count("\n") != 1:
            fail(f"{command}: status {done.returncode}, expected 2 and {sentence!r}", done.stderr)


with tempfile.TemporaryDirectory() as where:
    stops_reads_steps_and_watches(where)
    what_gdb_must_not_do(where)
    interrupts_and_kills(where)
    ends_by_sigint_while_halted(where)
refuses_in_one_sentence()
print("gdb_session: all as expected")
