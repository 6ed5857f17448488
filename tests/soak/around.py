#!/usr/bin/env python3
"""Whatever is wrong around the program is one sentence and a status, in bounded time and memory, and
nothing half-written: around.py VMETER CASE [MIB]. The cases are the functions below; MIB is the memory
that a program may have, 0 for no limit (a sanitizer takes more than there is).
"""
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "masters"))

from live_meter import INTERRUPTED, PATIENCE, LiveMeter, eventually  # noqa: E402
from raw_port import READ_U_L1, RawPort, sealed  # noqa: E402

MEMORY = 2048 if len(sys.argv) < 4 else int(sys.argv[3])  # MiB
SCENARIO = """duration: 5 s
meter: {variant: PRO380-Mod, eeprom: image.bin}
grid: {voltage: 230 V, current: 50 A}
expect:
  - {count: led_active, from: 1 s, to: 4 s, equals: truth}
"""
METER = "duration: 1 s\nmeter: {variant: PRO380-Mod}\n"
OUTPUTS = ("log", "vcd", "csv", "json", "junit")
OLD = "from before\n"


def check(holds, sentence):
    if not holds:
        raise AssertionError(sentence)


def vmeter_in(folder, vmeter, *arguments, **how):
    """Its result, with a limit on memory and time."""
    def limit():
        if MEMORY > 0:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20, MEMORY << 20))
        if "before" in how:
            how["before"]()

    return subprocess.run(
        [vmeter, *arguments], cwd=folder, capture_output=True, timeout=PATIENCE, check=False,
        preexec_fn=limit, stdin=subprocess.DEVNULL,
    )


def one_sentence(done, statuses, what):
    said = done.stderr.decode(errors="replace")
    check(done.returncode in statuses, f"{what}: status {done.returncode}: {said[:500]}")
    check(said.count("\n") == 1 and said.endswith("\n"), f"{what}: not one sentence: {said[:500]}")
    check(len(said) < 600, f"{what}: a long sentence: {said[:500]}")


def outputs():
    return [word for name in OUTPUTS for word in (f"--{name}", name)]


def nothing_left(folder, what):
    left = [p.name for p in pathlib.Path(folder).iterdir() if p.name.endswith(".part")]
    check(not left, f"{what}: left behind: {left}")


def streams(vmeter):
    """Standard streams that are closed: what is printed goes into no output instead."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "s.yaml").write_text(SCENARIO, encoding="utf-8")
        for closed in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
            def close(streams=closed):
                for stream in streams:
                    os.close(stream)

            done = vmeter_in(folder, vmeter, "run", "s.yaml", *outputs(), before=close)
            check(done.returncode == (3 if 1 in closed else 0), f"{closed}: {done}")
            for output in OUTPUTS:
                text = (folder / output).read_text(encoding="utf-8")
                check(text.strip() and "expectations hold" not in text, f"{closed}: {output}: {text}")
            nothing_left(folder, closed)
        for command in (("run", "s.yaml"), ("registers",), ("check", "s.yaml"), ("--help",)):
            # A reader that is gone.
            reading, writing = os.pipe()
            os.close(reading)
            done = subprocess.run(
                [vmeter, *command], cwd=folder, stdout=writing, stderr=subprocess.PIPE,
                timeout=PATIENCE, check=False, restore_signals=False,
            )
            os.close(writing)
            check(done.returncode in (0, 3, 141, -13), f"{command}: {done}")
            check(done.stderr.count(b"\n") <= 1, f"{command}: {done.stderr}")


def small_disk(vmeter):
    """A disk that is full after so many bytes: the outputs from before stay."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "s.yaml").write_text(SCENARIO, encoding="utf-8")
        check(vmeter_in(folder, vmeter, "run", "s.yaml").returncode == 0, "a run with all the room")
        image = (folder / "image.bin").read_bytes()
        for size in (0, 1, 300, 4096, 20_000, len(image), 60_000):
            for output in OUTPUTS:
                (folder / output).write_text(OLD, encoding="utf-8")

            def small(size=size):
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

            done = vmeter_in(folder, vmeter, "run", "s.yaml", *outputs(), before=small)
            one_sentence(done, (2, 3), f"{size} bytes")
            nothing_left(folder, f"{size} bytes")
            check((folder / "image.bin").stat().st_size == len(image), "the image is not whole")
            check((folder / "log").read_text(encoding="utf-8") == OLD, "half a log")
        for output in OUTPUTS:
            done = vmeter_in(folder, vmeter, "run", "s.yaml", f"--{output}", "/dev/full")
            one_sentence(done, (3,), f"--{output} /dev/full")
            nothing_left(folder, output)


def places(vmeter):
    """What can be no file, as an output, an image or an input."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        scenario = folder / "s.yaml"
        (folder / "directory").mkdir()
        (folder / "nowhere").symlink_to("not/there")
        (folder / "loop").symlink_to("loop")
        os.mkfifo(folder / "pipe")
        bad = ("directory", "s.yaml/x", "not/there", "nowhere", "loop", "/proc/x", "/sys/x", "x" * 300)
        scenario.write_text(SCENARIO.replace(", eeprom: image.bin", ""), encoding="utf-8")
        for output in (*OUTPUTS, "report", "screenshot"):
            for place in bad:
                if output in ("report", "screenshot") and place in ("directory", "not/there"):
                    continue  # a folder that is there, or can be made
                done = vmeter_in(folder, vmeter, "run", "s.yaml", f"--{output}", place)
                one_sentence(done, (2,), f"--{output} {place}")
        for place in (*bad, "pipe", "/dev/zero", "/dev/full"):
            scenario.write_text(SCENARIO.replace("image.bin", place), encoding="utf-8")
            one_sentence(vmeter_in(folder, vmeter, "run", "s.yaml"), (2,), f"eeprom: {place}")
        for command in ("run", "check", "live", "replay"):
            for place in (*bad, "/dev/zero", "/dev/null"):
                done = vmeter_in(folder, vmeter, command, place)
                one_sentence(done, (2,), f"{command} {place}")
        for place in (*bad, "/dev/zero"):
            one_sentence(vmeter_in(folder, vmeter, "diff", place, place), (2,), f"diff {place}")
        nothing_left(folder, "places")


def repeated(begin, line, count):
    return begin + "".join(line.format(n=n) for n in range(count))


ABSURD = {
    "a million entries": repeated(
        METER + "timeline:\n", "  - {{at: {n} us, set: {{current: 1 A}}}}\n", 1_000_000),
    "twenty thousand entries": repeated(
        METER + "timeline:\n", "  - {{at: {n} us, set: {{current: 1 A}}}}\n", 20_000),
    "a hundred times every millisecond": repeated(
        METER.replace("1 s", "200 s") + "timeline:\n",
        "  - {{every: 2 ms, from: {n} us, press: {{button: left, for: 1 us}}}}\n", 100),
    "every picosecond": METER + "timeline:\n  - {every: 1 ps, press: {button: left}}\n",
    "no duration": METER.replace("1 s", "0 s"),
    "201 days": METER.replace("1 s", "201 d"),
    "ten thousand meters": repeated(
        "duration: 1 s\nmeters:\n", "  - {{id: m{n}, variant: PRO380-S}}\n", 10_000),
    "ten thousand meters by count":
        "duration: 1 s\nmeters:\n  - {id: m, count: 10000, variant: PRO380-S}\n",
    "250 meters on one bus":
        "duration: 1 s\nbus: {}\nmeters:\n  - {id: m, count: 250, variant: PRO380-Mod}\n",
    "a hundred thousand harmonics": repeated(
        METER + "grid:\n  voltage:\n    rms: 230 V\n    harmonics:\n",
        "      - {{order: 3, percent: 1 %}}\n", 100_000),
    "a hundred thousand expectations": repeated(
        METER + "expect:\n", "  - {{count: led_active, equals: {n}}}\n", 100_000),
    "no number": METER + "grid: {voltage: nan V}\n",
    "infinite volts": METER + "grid: {voltage: .inf V}\n",
    "1e400 amperes": METER + "grid: {current: 1e400 A}\n",
    "lists in lists": "[" * 100_000,
    "maps in maps": "{a: " * 100_000,
    "items in items": "- " * 1_000_000,
    "deeper and deeper": "".join(" " * n + "a:\n" for n in range(2000)),
    "an alias of aliases": "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "a long word": METER + "title: " + "x" * 10_000_000 + "\n",
    "a file of zeros": "\0" * 1_000_000,
}


def absurd(vmeter):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for what, text in ABSURD.items():
            (folder / "s.yaml").write_text(text, encoding="utf-8")
            done = vmeter_in(folder, vmeter, "run", "s.yaml", "--json", "json")
            one_sentence(done, (2,), what)
            check(not (folder / "json").exists(), f"{what}: a result")
        (folder / "s.yaml").write_bytes(random.Random(1).randbytes(3_000_000))
        one_sentence(vmeter_in(folder, vmeter, "run", "s.yaml"), (2,), "any bytes")
        for n in range(150):
            (folder / f"{n}.yaml").write_text(f"include: {n + 1}.yaml\n", encoding="utf-8")
        (folder / "150.yaml").write_text(METER, encoding="utf-8")
        one_sentence(vmeter_in(folder, vmeter, "run", "0.yaml"), (2,), "150 includes")
        (folder / "150.yaml").write_text("include: 149.yaml\n", encoding="utf-8")
        one_sentence(vmeter_in(folder, vmeter, "run", "149.yaml"), (2,), "a ring of includes")
        with open(folder / "s.yaml", "wb") as sparse:
            sparse.truncate(1 << 40)
        one_sentence(vmeter_in(folder, vmeter, "run", "s.yaml"), (2,), "a tebibyte")


def port_in_a_loop(vmeter):
    """A master that opens, says anything and closes, again and again, and two at once."""
    draw = random.Random(1)
    with LiveMeter(vmeter) as meter:
        for n in range(300):
            with RawPort(meter.link, draw.choice((300, 2400, 9600))) as port:
                what = draw.randrange(4)
                if what == 0:
                    port.send(draw.randbytes(draw.randrange(1, 300)))
                elif what == 1:
                    port.send(sealed(READ_U_L1))
                elif what == 2:
                    port.send(sealed(READ_U_L1)[: draw.randrange(1, 8)])
                if n % 50 == 0:
                    with RawPort(meter.link) as second:
                        second.send(sealed(READ_U_L1))
        check(not meter.ended(), "the meter is gone")
        eventually(meter.answers, "an answer")
        check(meter.stop() == INTERRUPTED, meter.text())


def closed_control(vmeter):
    """Orders from a standard input that is closed or at its end: the session goes on."""
    scenario = "duration: 3 s\nmeter: {variant: PRO380-Mod}\nbus: {}\n"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "s.yaml").write_text(scenario, encoding="utf-8")
        for close in (lambda: os.close(0), lambda: None):
            done = vmeter_in(
                folder, vmeter, "live", "s.yaml", "--speed", "10", "--control", "-", before=close)
            check(done.returncode in (0, 2), f"status {done.returncode}: {done.stderr}")


CASES = (streams, small_disk, places, absurd, port_in_a_loop, closed_control)

if __name__ == "__main__":
    {case.__name__: case for case in CASES}[sys.argv[2]](sys.argv[1])
