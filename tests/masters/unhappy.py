#!/usr/bin/env python3
"""What goes wrong around a meter does not stop it, or is said in one sentence: unhappy.py VMETER CASE.
The cases are the functions below.
"""
import contextlib
import fcntl
import os
import pathlib
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time

from live_meter import HERE, INTERRUPTED, PATIENCE, U_L1, LiveMeter, eventually
from raw_port import READ_U_L1, RawPort, receive, sealed

FLOOD = 10  # seconds


def check(holds, sentence):
    if not holds:
        raise AssertionError(sentence)


def stop(meter):
    status = meter.stop()
    check(status == INTERRUPTED, f"status {status}: {meter.text()}")
    check(not os.path.lexists(meter.link), "the link is still there")


def closed_in_mid_answer(vmeter):
    with LiveMeter(vmeter, speed=1) as meter:
        for _ in range(10):
            with RawPort(meter.link) as port:
                port.send(sealed(READ_U_L1))
                check(os.read(port.descriptor, 1), "no answer begins")
        eventually(meter.answers, "an answer")
        stop(meter)


def never_reads(vmeter):
    with LiveMeter(vmeter) as meter:
        with RawPort(meter.link) as port:
            os.set_blocking(port.descriptor, False)
            end = time.monotonic() + FLOOD
            while time.monotonic() < end:
                try:
                    port.send(sealed(READ_U_L1))
                except BlockingIOError:
                    time.sleep(0.001)
        check(not meter.ended(), "the meter is gone")
        eventually(meter.answers, "an answer")
        stop(meter)


def had_for_itself(vmeter):
    """A program that has claimed the terminal for itself and is gone does not keep out the next. Root may
    open it all the same, so the claim itself is looked at."""
    tiocgexcl = 0x80045440
    with LiveMeter(vmeter) as meter:
        with RawPort(meter.link) as port:
            fcntl.ioctl(port.descriptor, termios.TIOCEXCL)

        def is_free():
            with RawPort(meter.link) as port:
                return struct.unpack("i", fcntl.ioctl(port.descriptor, tiocgexcl, bytes(4))) == (0,)

        eventually(is_free, "a terminal without a claim")
        eventually(meter.answers, "an answer")
        stop(meter)


def stale_link(vmeter):
    meter = LiveMeter(vmeter)
    meter.link.symlink_to("/dev/pts/of-one-that-was-killed")
    with meter:
        eventually(meter.answers, "an answer")
        stop(meter)


def killed_and_started_again(vmeter):
    meter = LiveMeter(vmeter)
    with meter:
        meter.kill()
        check(os.path.lexists(meter.link), "SIGKILL leaves the link")
        meter.start()
        eventually(meter.answers, "an answer")
        stop(meter)


def refused(vmeter, status, options, **how):
    """It ends by itself with this status and one sentence, which is returned."""
    command = [vmeter, "live", HERE / "meter.yaml", "--for", "10 s", "--speed", "10", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, **how
    )
    check(done.returncode == status, f"status {done.returncode} instead of {status}: {done.stderr}")
    lines = [line for line in done.stderr.splitlines() if "Modbus at" not in line]
    check(len(lines) == 1, f"not one sentence: {lines}")
    return lines[0]


def two_on_one_link(vmeter):
    """The second is refused, the first goes on as if nothing had been."""
    with LiveMeter(vmeter) as first:
        sentence = refused(vmeter, 2, ["--modbus", first.link])
        check(str(first.link) in sentence, f"the link is not named in: {sentence}")
        eventually(first.answers, "an answer")
        stop(first)


def link_is_a_file(vmeter):
    with tempfile.TemporaryDirectory() as folder:
        link = pathlib.Path(folder) / "bus"
        link.write_text("precious", encoding="utf-8")
        sentence = refused(vmeter, 2, ["--modbus", link])
        check(str(link) in sentence, f"the file is not named in: {sentence}")
        check(link.read_text(encoding="utf-8") == "precious", "the file was changed")
        refused(vmeter, 2, ["--modbus", f"{folder}/nowhere/bus"])


def full_disk(vmeter):
    """At once, and after some frames: the journal is what matters, so the session ends."""
    with tempfile.TemporaryDirectory() as folder:
        link = pathlib.Path(folder) / "bus"
        sentence = refused(vmeter, 3, ["--modbus", link, "--record", "/dev/full"])
        check("/dev/full" in sentence, f"the journal is not named in: {sentence}")
        check(not os.path.lexists(link), "the link is still there")

    def small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    with tempfile.TemporaryDirectory() as folder:
        link = f"{folder}/bus"
        command = [vmeter, "live", HERE / "meter.yaml", "--speed", "10", "--modbus", link]
        command += ["--record", f"{folder}/journal"]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, preexec_fn=small_files
        ) as process:
            eventually(lambda: os.path.lexists(link), "the link")
            with RawPort(link) as port:
                with contextlib.suppress(OSError):  # the port, once it is gone
                    while process.poll() is None:
                        port.ask(READ_U_L1, 1)
            said = [line for line in process.stderr if "journal" in line]
            status = process.wait(PATIENCE)
            check(status == 3, f"status {status}: {said}")
            check(len(said) == 1, f"not one sentence about the journal: {said}")
        check(not os.path.lexists(link), "the link is still there")


def over_tcp(vmeter):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    with LiveMeter(vmeter, port=f"tcp:{number}") as meter:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", number)) as client:

                def answers():
                    client.sendall(sealed(READ_U_L1))
                    return receive(client.fileno(), 1)[:-2] == U_L1

                for _ in range(5):
                    eventually(answers, "an answer over TCP")
        check(meter.stop() == INTERRUPTED, meter.text())


def order_against_timeline(vmeter):
    """A button that an order holds is pressed by the timeline: that is left out and said."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder) / "pressed.yaml"
        scenario.write_text(
            "duration: 5 s\nmeter: {variant: PRO380-Mod}\n"
            "timeline:\n  - {at: 4 s, press: {button: left}}\n",
            encoding="utf-8",
        )
        done = subprocess.run(
            [vmeter, "live", scenario, "--control", "-"],
            input="press: {button: left, for: 60 s}\n",
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )
        check(done.returncode == 0, f"status {done.returncode}: {done.stderr}")
        check(done.stdout.startswith("ok\n"), f"the order was answered {done.stdout}")
        check("pressed.yaml:4:5: left out: " in done.stderr, f"nothing is said: {done.stderr}")


CASES = (
    order_against_timeline,
    closed_in_mid_answer,
    never_reads,
    had_for_itself,
    stale_link,
    killed_and_started_again,
    two_on_one_link,
    link_is_a_file,
    full_disk,
    over_tcp,
)

if __name__ == "__main__":
    {case.__name__: case for case in CASES}[sys.argv[2]](sys.argv[1])
