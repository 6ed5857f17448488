#!/usr/bin/env python3
"""Starts `vmeter live` in a folder of its own and stops it again; by command, runs a master beside it:

    live_meter.py VMETER SPEED COMMAND…

runs COMMAND… with the port's link as last argument. Status 0: the master was content, and the meter
ended as SIGINT ends it.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from raw_port import READ_U_L1, RawPort

HERE = pathlib.Path(__file__).parent
PATIENCE = 60  # seconds, for what takes milliseconds on a host that is not loaded
INTERRUPTED = 130
U_L1 = bytes.fromhex("01030443660000")  # the answer, 230.0 V


def eventually(condition, what):
    """Waits until `condition` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not after {PATIENCE} s")
        time.sleep(0.01)


class LiveMeter:
    """A running `vmeter live`. Use it in a with statement; options as on the command line."""

    def __init__(self, vmeter, *options, speed=10, port=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pro380-"))
        self.link = self.folder / "bus"
        self.port = port or self.link
        self.said = self.folder / "stderr"
        self.command = [vmeter, "live", HERE / "meter.yaml", "--speed", str(speed)]
        self.command += ["--modbus", self.port, *options]
        self.process = None

    def start(self):
        # Whoever reads energies may ask how much there can be by now.
        os.environ["METER_STARTED_AT"] = str(time.time())
        with open(self.said, "w", encoding="utf-8") as said:
            self.process = subprocess.Popen(
                self.command, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
        eventually(lambda: self.is_up() or self.ended(), "the meter's start")
        if os.path.lexists(self.port):
            eventually(self.answers, "an answer of 230.0 V")
        return self

    def is_up(self):
        return "Modbus at" in self.text()

    def answers(self):
        """Whether it does, with the volts of its scenario: a starting meter knows them after a second."""
        with RawPort(self.port) as port:
            port.drop_input()
            return port.ask(READ_U_L1, 1) == U_L1

    def ended(self):
        return self.process.poll() is not None

    def text(self):
        """What it has said on the standard error."""
        return self.said.read_text(encoding="utf-8")

    def stop(self):
        """Ends it with SIGINT and returns its status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def kill(self):
        """At once, and all of its processes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        # The kernel takes the link's claim back when the last of them is gone.
        claim = f"vmeter:{self.link}"
        eventually(lambda: claim not in pathlib.Path("/proc/net/unix").read_text(), "the link's release")

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if not self.ended():
            self.kill()
        shutil.rmtree(self.folder)


def run_beside(meter, command):
    """The status for a test: 0 if the command, which gets the port's link, and the meter's end are fine."""
    with meter:
        failed = subprocess.run([*command, meter.link], check=False).returncode
        status = meter.stop()
        print(meter.text(), end="")
        if status != INTERRUPTED:
            print(f"The meter ended with status {status} instead of {INTERRUPTED}.")
        if os.path.lexists(meter.link):
            print("The meter left its link behind.")
            failed = 1
        return 1 if failed or status != INTERRUPTED else 0


def main(vmeter, speed, *command):
    return run_beside(LiveMeter(vmeter, speed=speed), command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
