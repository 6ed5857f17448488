#!/usr/bin/env python3
"""The generated references in the repository are what the program makes: references.py VMETER."""
import sys

import vmeter

for arguments, name in ((("check", "--reference"), "scenarios/REFERENCE.md"),
                        (("registers", "--markdown"), "tools/REGISTERS.md"),
                        (("manual", "--markdown"), "tools/COMMANDS.md"),
                        (("check", "--schema"), "scenarios/schema/scenario.schema.json")):
    made = vmeter.run(sys.argv[1], *arguments)
    kept = (vmeter.ROOT / name).read_text(encoding="utf-8")
    vmeter.check(made == kept, f"{name} is stale: vmeter {' '.join(arguments)} > {name}")
    vmeter.check(len(made.splitlines()) > 50, f"{name} is next to empty")
vmeter.finish()
