#!/usr/bin/env python3
"""The generated references in the repository are what the program makes: references.py VMETER."""
import sys
import tempfile

import vmeter

for arguments, name in ((("check", "--reference"), "scenarios/REFERENCE.md"),
                        (("registers", "--markdown"), "tools/REGISTERS.md"),
                        (("manual", "--markdown"), "tools/COMMANDS.md"),
                        (("check", "--schema"), "scenarios/schema/scenario.schema.json")):
    made = vmeter.run(sys.argv[1], *arguments)
    kept = (vmeter.ROOT / name).read_text(encoding="utf-8")
    vmeter.check(made == kept, f"{name} is stale: vmeter {' '.join(arguments)} > {name}")
    vmeter.check(len(made.splitlines()) > 50, f"{name} is next to empty")

# The save file beside the demo is the one that the program writes, but for where its writer's files stood.
with tempfile.TemporaryDirectory() as folder:
    files = {kind: f"{folder}/m.{kind}" for kind in ("vcd", "gtkw")}
    vmeter.run(sys.argv[1], "run", str(vmeter.ROOT / "scenarios/modbus-matrix.yaml"), "--vcd", files["vcd"],
               "--vcd-step", "1 us", "--gtkw", files["gtkw"])
    made = [line for line in open(files["gtkw"], encoding="utf-8") if not line.startswith(("[dumpfile]", "[savefile]"))]
kept = (vmeter.ROOT / "scenarios/modbus-matrix.gtkw").read_text(encoding="utf-8")
vmeter.check("".join(made) == kept, "scenarios/modbus-matrix.gtkw is stale")
vmeter.check(kept.count("@28") > 5, "scenarios/modbus-matrix.gtkw has next to no wires")
vmeter.finish()
