#!/usr/bin/env python3
"""The help teaches what is true, and what was mistyped is told: help.py VMETER."""
import re
import shlex
import sys

import vmeter

PROGRAM = sys.argv[1]
overview = vmeter.run(PROGRAM, "--help")
vmeter.check(overview == vmeter.run(PROGRAM, "help"), "help and --help differ")
commands = re.findall(r"^  ([a-z][a-z-]*)(?: [^a-z\s].*|  .*| --.*| bash.*)?$", overview.split("To begin:")[0], re.M)
vmeter.check(len(commands) >= 12, f"the overview has only {commands}")

for command in [c for c in commands if c != "vmeter"]:
    text = vmeter.run(PROGRAM, "help", command)
    vmeter.check(text == vmeter.run(PROGRAM, command, "--help"), f"help {command} and {command} --help differ")
    vmeter.check(text.startswith(f"Usage: vmeter {command}"), f"{command}: no usage")
    for heading in ("\nExamples:\n", "\nExit status:\n"):
        vmeter.check(heading in text, f"{command}: no {heading.strip()}")
    vmeter.check(not re.search(r"--\S+ (arg|VALUE)\b", text), f"{command}: an option's value has no name")
    for line in text.splitlines():
        vmeter.check(len(line) <= 100, f"{command}: too wide: {line}")
    # An example's options are the command's own.
    options = set(re.findall(r"^  (--[a-z-]+)", text, re.M))
    for example in re.findall(r"^  vmeter (.*)$", text.split("\nExamples:\n")[1], re.M):
        words = shlex.split(example)
        vmeter.check(words[0] == command, f"{command}: an example of {words[0]}")
        for word in words:
            vmeter.check(not word.startswith("--") or word in options, f"{command}: {word} is no option")

vmeter.check("[horizon]" in vmeter.run(PROGRAM, "run", "--help"), "the default of --sync is missing")
for arguments, meant in ((("rnu", "x"), "did you mean run?"), (("typtest",), "did you mean typetest?"),
                         (("help", "chekc"), "did you mean check?"),
                         (("run", "x", "--jnuit", "y"), "did you mean --junit?"),
                         (("live", "x", "--modbsu", "y"), "did you mean --modbus?"),
                         (("typetest", "--pop", "3"), "did you mean --population?")):
    vmeter.check(meant in vmeter.run(PROGRAM, *arguments, status=2), f"{arguments}: not told: {meant}")
for arguments in (("completely-else",), ("run", "x", "--zzzzzz")):
    vmeter.check("did you mean" not in vmeter.run(PROGRAM, *arguments, status=2),
                 f"{arguments}: told something far away")
vmeter.finish()
