#!/usr/bin/env python3
"""Shells complete the command line: completion.py VMETER. Bash is asked what it completes; zsh and fish,
where they are installed, too."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import vmeter

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
BASH = r"""
. "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_vmeter 2>/dev/null
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
"""


def shell(folder, *command):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode("utf-8")


def bash(folder, *words):
    return sorted(shell(folder, "bash", "-c", BASH, "bash", "bash.sh", "vmeter", *words)[1].split("\n"))[1:]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    for script in ("bash", "zsh", "fish"):
        text = vmeter.run(PROGRAM, "completion", script)
        (folder / f"{script}.sh").write_text(text, encoding="utf-8")
    (folder / "_vmeter").write_text((folder / "zsh.sh").read_text(encoding="utf-8"), encoding="utf-8")
    for file in ("one.yaml", "two.yml", "three.txt"):
        (folder / file).touch()
    (folder / "folder").mkdir()

    for words, expected in (
            (["ru"], ["run"]),
            (["re"], ["registers", "replay"]),
            (["--v"], ["--version"]),
            (["run", "--ju"], ["--junit"]),
            (["run", "--sync", ""], ["cycle", "horizon"]),
            (["run", "--sync", "=", "c"], ["cycle"]),
            (["run", "--trace", "l"], ["lcd", "line"]),
            (["run", ""], ["folder", "one.yaml", "two.yml"]),
            (["run", "one.yaml", "tw"], ["two.yml"]),
            (["run", "--log", "t"], ["three.txt", "two.yml"]),
            (["run", "--report", ""], ["folder"]),
            (["typetest", "--variant", "PRO380-Mo"], ["PRO380-Mod", r"PRO380-Mod\ CT"]),
            (["typetest", "--variant", r"PRO380-Mod\ "], [r"PRO380-Mod\ CT"]),
            (["typetest", "--class", ""], ["B", "C"]),
            (["typetest", "--meter", "o"], ["one.yaml"]),
            (["info", "PRO380-Mb"], ["PRO380-Mb", r"PRO380-Mb\ CT"]),
            (["help", "ty"], ["typetest"]),
            (["completion", "z"], ["zsh"]),
            (["diff", "th"], ["three.txt"]),
            (["run", "--jobs", ""], []),
            (["fly", ""], [])):
        seen = bash(folder, *words)
        vmeter.check(seen == expected, f"bash: {words} gives {seen} instead of {expected}")

    if shutil.which("fish"):
        for line, expected in (("vmeter ru", ["run"]), ("vmeter run --sync ", ["cycle", "horizon"]),
                               ("vmeter run --ju", ["--junit"]), ("vmeter completion z", ["zsh"])):
            status, output = shell(folder, "fish", "--no-config", "-c", f"source fish.sh; complete -C '{line}'")
            seen = sorted(entry.split("\t")[0] for entry in output.splitlines())
            vmeter.check(status == 0 and seen == expected, f"fish: {line} gives {seen} instead of {expected}")

    if shutil.which("zsh"):
        status, output = shell(folder, "zsh", "-n", "zsh.sh")
        vmeter.check(status == 0, f"zsh does not read its script: {output}")
        # A terminal that somebody types on: zsh's completion has no other door.
        typed = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; fpath=($PWD $fpath); autoload -U compinit; compinit -u -d ./dump; LISTMAX=1000; echo rea""dy'
zpty -r -m z line '*ready*'
zpty -n -w z $'vmeter run --sync=cy\t'; sleep 1
zpty -n -w z $'; echo o""ver\n'; sleep 1
zpty -r z line '*over*'
print -r -- $line
zpty -d z
"""
        status, output = shell(folder, "timeout", "20", "zsh", "-f", "-c", typed)
        vmeter.check("--sync=cycle" in output, f"zsh does not complete --sync=cy: {output!r}")
vmeter.finish()
