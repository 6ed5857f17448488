#!/usr/bin/env python3
"""Runs the console blocks of a document and compares what they print: run_blocks.py VMETER DOCUMENT.

Works in an empty folder that has the project's scenarios/ and, as tools/vmeter, the built program. Of a
block's lines those behind "$ " are commands, the others what they print; a line "…" stands for any number
of lines. Times of the wall clock, numbers of pseudo terminals and the width of gaps may differ.

A comment on the line before a block says what is special about it:
  <!-- first terminal -->               goes on in the background; what it prints is awaited
  <!-- first terminal, interrupted -->  has no command: Ctrl-C for that one, which then prints this
  <!-- file PATH -->                    must be the file of the project
  <!-- write PATH -->                   the reader saves it under that name
  <!-- not run: WHY -->                 is not run
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 60

BLOCK = re.compile(r"(?:^<!-- (?P<mark>.*?) -->\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S)
MAY_DIFFER = [
    (r"[\d.e+-]+ s simulated in [\d.e+-]+ s, \d+ times real time", "S simulated in W"),
    (r"/dev/pts/\d+", "/dev/pts/N"),
    (r"half below .*", "half below W"),
    (r"\s+", " "),
]


def plain(line):
    for pattern, text in MAY_DIFFER:
        line = re.sub(pattern, text, line)
    return line.strip()


def matches(expected, seen):
    """Line by line, "…" being any number of lines."""
    if not expected:
        return not seen
    if expected[0] == "…":
        return any(matches(expected[1:], seen[n:]) for n in range(len(seen) + 1))
    return bool(seen) and expected[0] == seen[0] and matches(expected[1:], seen[1:])


class Document:
    def __init__(self, path, folder):
        self.path = path
        self.folder = folder
        self.background = None
        self.offset = 0
        self.commands = 0
        self.failures = []

    def fail(self, line, sentence):
        self.failures.append(f"{self.path.name}:{line}: {sentence}")

    def compare(self, line, what, expected, output):
        seen = [plain(text) for text in output.splitlines()]
        wanted = [plain(text) for text in expected]
        if not matches([w for w in wanted if w], [s for s in seen if s]):
            self.fail(line, f"{what}\n--- the document\n" + "\n".join(expected) + f"\n--- seen\n{output}")

    def run(self):
        text = self.path.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start("body")) + 1
            mark = match["mark"] or ""
            body = match["body"]
            if mark.startswith("file "):
                if (ROOT / mark[5:]).read_text(encoding="utf-8") != body:
                    self.fail(line, f"{mark[5:]} is not what the document shows")
            elif mark.startswith("write "):
                (self.folder / mark[6:]).write_text(body, encoding="utf-8")
            elif match["kind"] != "console" or mark.startswith("not run"):
                continue
            elif mark == "first terminal":
                self.start(line, body.splitlines())
            elif mark == "first terminal, interrupted":
                self.interrupt(line, body.splitlines())
            else:
                self.block(line, body.splitlines())
        if self.background:
            self.interrupt(0, ["…"])

    def block(self, line, lines):
        steps = []
        for offset, text in enumerate(lines):
            if text.startswith("$ "):
                steps.append((line + offset, text[2:], []))
            elif steps:
                steps[-1][2].append(text)
            else:
                self.fail(line, "the block has no command")
                return
        for place, command, expected in steps:
            self.commands += 1
            done = subprocess.run(["bash", "-c", command], cwd=self.folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
            self.compare(place, command, expected, done.stdout.decode("utf-8", "replace"))

    def start(self, line, lines):
        self.commands += 1
        log = open(self.folder / ".background", "w+", encoding="utf-8")
        # bash -c gives way to the program, so that it is the one to be interrupted.
        process = subprocess.Popen(["bash", "-c", "exec " + lines[0][2:]], cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.background = (process, log)
        expected = lines[1:]
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            if len(self.read(log).splitlines()) >= len(expected):
                break
            time.sleep(0.02)
        self.compare(line, lines[0], expected, self.read(log))
        self.offset = len(self.read(log))

    def interrupt(self, line, expected):
        process, log = self.background
        self.background = None
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        # Which of the two streams is seen first is not told.
        output = "\n".join(sorted(self.read(log)[self.offset:].splitlines()))
        self.compare(line, "after Ctrl-C", sorted(expected), output)
        log.close()

    @staticmethod
    def read(log):
        return pathlib.Path(log.name).read_text(encoding="utf-8")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    failed = False
    for name in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "scenarios").symlink_to(ROOT / "scenarios")
            (folder / "tools").mkdir()
            (folder / "tools" / "vmeter").symlink_to(program)
            document = Document(pathlib.Path(name).resolve(), folder)
            document.run()
        for failure in document.failures:
            print(failure)
        if document.commands == 0:
            print(f"{name}: found no command to run")
        print(f"{name}: {document.commands} commands, {len(document.failures)} failures")
        failed = failed or document.failures or document.commands == 0
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ["SC_COPYRIGHT_MESSAGE"] = "DISABLE"
    os.environ["LC_ALL"] = "C.UTF-8"
    sys.exit(main())
