#!/usr/bin/env python3
"""kill -9 at random instants leaves nothing half-written: killed.py VMETER CASE [ROUNDS] [SEED].

After each kill the EEPROM's image and every output is the one from before or a whole new one, and
the next start works and clears away what was left. The cases are the functions below.
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "masters"))

from eeprom_image import IMAGE, newest_counters  # noqa: E402
from live_meter import INTERRUPTED, LiveMeter, eventually  # noqa: E402

OLD = "from before\n"
SCENARIO = """duration: 30 s
meter: {variant: PRO380-Mod, eeprom: image.bin, settings: {s0_rate: 10000 imp/kWh}}
grid: {voltage: 230 V, current: 60 A}
timeline:
  - {every: 5 s, from: 3 s, interruption: {for: 700 ms}}
"""
OUTPUTS = ("log", "vcd", "csv", "json", "junit")


def check(holds, sentence):
    if not holds:
        raise AssertionError(sentence)


class Place:
    """A folder with a scenario, the outputs of an earlier time and an EEPROM's image."""

    def __init__(self, vmeter, folder):
        self.vmeter = vmeter
        self.folder = pathlib.Path(folder)
        self.image = self.folder / "image.bin"
        (self.folder / "s.yaml").write_text(SCENARIO, encoding="utf-8")

    def command(self):
        command = [self.vmeter, "run", "s.yaml"]
        for name in OUTPUTS:
            command += [f"--{name}", name]
        return command

    def start(self):
        return subprocess.Popen(
            self.command(), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self):
        """To its end, which is a good one."""
        process = self.start()
        said = process.communicate(timeout=60)[0]
        check(process.returncode == 0, f"status {process.returncode}: {said}")
        left = [p.name for p in self.folder.iterdir() if p.name.endswith(".part")]
        check(not left, f"left behind: {left}")

    def outputs(self):
        return {name: (self.folder / name).read_text(encoding="utf-8") for name in OUTPUTS}

    def set_old(self, image):
        for path in self.folder.iterdir():
            if path.name != "s.yaml":
                path.unlink()
        self.image.write_bytes(image)
        for name in OUTPUTS:
            (self.folder / name).write_text(OLD, encoding="utf-8")


def grown(before, after):
    """Whether counters have gone on, none of them back."""
    return all(a >= b for a, b in zip(after[:-1], before[:-1]))


def check_output(name, text, whole):
    if text == OLD or text == whole:
        return
    # Both name the time that the run took.
    if name == "json":
        json.loads(text)
        return
    if name == "junit":
        xml.etree.ElementTree.fromstring(text)
        return
    # A simulation whose parent is gone ends where it is, with what it has, and that is whole.
    check(text.endswith("\n"), f"{name} ends within a line")
    lines = text.splitlines()
    if name == "csv":
        # Of each output a pulse may have been under way.
        cut = set(lines) - set(whole.splitlines())
        check(len(cut) <= 4, f"lines of no whole csv: {sorted(cut)[:5]}")
        return
    if name == "vcd":  # its last line is its end
        lines.pop()
    check(lines == whole.splitlines()[: len(lines)], f"{name} is not a begin of the whole")


def run(vmeter, rounds, seed):
    draw = random.Random(seed)
    seen = {"old": 0, "new": 0, "between": 0}
    with tempfile.TemporaryDirectory() as folder:
        place = Place(vmeter, folder)
        place.run()
        old = place.image.read_bytes()
        begin = time.monotonic()
        place.run()
        takes = time.monotonic() - begin
        new = place.image.read_bytes()
        check(old != new, "the image does not change")
        whole = place.outputs()
        before = newest_counters(old)
        check(before is not None and before[12] > 0, "no counters in the image")
        for _ in range(rounds):
            place.set_old(old)
            process = place.start()
            time.sleep(draw.uniform(0, 1.2 * takes))
            alone = draw.random() < 0.5
            if alone:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            # Until the last process that holds its output is gone.
            process.communicate(timeout=60)
            image = place.image.read_bytes()
            kind = "old" if image == old else "new" if image == new else "between"
            seen[kind] += 1
            check(alone or kind != "between", "an image that is neither the old nor the new one")
            counters = newest_counters(image)
            check(counters is not None and grown(before, counters), "counters of the image fell")
            for name, text in place.outputs().items():
                check_output(name, text, whole[name])
            place.run()
            again = newest_counters(place.image.read_bytes())
            check(grown(counters, again) and again != counters, "the next run did not go on")
    print(f"{rounds} kills: the image was {seen}")
    check(seen["old"] > 0, "no kill came before the end")


def live(vmeter, rounds, seed):
    draw = random.Random(seed)
    meter = LiveMeter(vmeter, "--record", "journal")
    scenario = meter.folder / "live.yaml"
    image = meter.folder / "image.bin"
    scenario.write_text(
        "duration: 2 h\nmeter: {variant: PRO380-Mod, eeprom: image.bin}\n"
        "grid: {voltage: 230 V, current: 60 A}\nbus: {}\n",
        encoding="utf-8",
    )
    meter.command[2] = scenario
    meter.command[meter.command.index("--record") + 1] = meter.folder / "journal"
    kept = None
    try:
        for _ in range(rounds):
            with open(meter.said, "w", encoding="utf-8") as said:
                meter.process = subprocess.Popen(
                    meter.command, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
                )
            time.sleep(draw.uniform(0, 0.4))
            meter.kill()
            now = image.read_bytes() if image.exists() else None
            check(now == kept, "a session that was killed wrote an image")
            if draw.random() < 0.5:
                continue
            # The next one takes the link over, clears up and keeps what it has metered.
            meter.start()
            eventually(meter.answers, "an answer")
            check(meter.stop() == INTERRUPTED, meter.text())
            check(not os.path.lexists(meter.link), "the link is still there")
            before, kept = kept, image.read_bytes()
            check(len(kept) == IMAGE, "the image is not whole")
            if before is not None:
                check(grown(newest_counters(before), newest_counters(kept)), "counters fell")
            left = [p.name for p in meter.folder.iterdir() if p.name.endswith(".part")]
            check(not left, f"left behind: {left}")
        check(kept is not None, "no session went well")
    finally:
        meter.__exit__()
    print(f"{rounds} kills")


CASES = {"run": (run, 30), "live": (live, 12)}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in CASES:
        sys.exit("usage: tests/soak/killed.py VMETER run|live [ROUNDS] [SEED]")
    function, usual = CASES[sys.argv[2]]
    arguments = [int(text) for text in sys.argv[3:]]
    function(sys.argv[1], arguments[0] if arguments else usual, arguments[1] if arguments[1:] else 1)
