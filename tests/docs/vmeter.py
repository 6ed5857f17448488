"""What the scripts of this folder share: running the program, and telling what went wrong."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ["SC_COPYRIGHT_MESSAGE"] = "DISABLE"
os.environ["LC_ALL"] = "C.UTF-8"

failures = []


def check(holds, sentence):
    if not holds:
        failures.append(sentence)
        print(sentence)


def run(program, *arguments, status=0):
    """What it prints on both streams; its status must be as given."""
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    output = done.stdout.decode("utf-8")
    check(done.returncode == status,
          f"vmeter {' '.join(arguments)}: status {done.returncode} instead of {status}: {output}")
    return output


def finish():
    sys.exit(1 if failures else 0)
