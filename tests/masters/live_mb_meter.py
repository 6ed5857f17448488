#!/usr/bin/env python3
"""`vmeter live` with M-Bus and infra-red, as live_meter.py has it with Modbus; by command:

    live_mb_meter.py VMETER SCENARIO PORT COMMAND…

runs COMMAND… with the link of PORT, mbus or ir, as last argument. Time is real: what these masters
wait for an answer is fixed and short, and counts by the wall clock.
"""
import os
import sys

import mbus_port
from live_meter import HERE, LiveMeter, run_beside
from raw_port import RawPort

# The answer to an instantaneous readout begins with the voltage of L1 in steps of 10 mV: 230.00 V.
U_L1 = bytes.fromhex("4BFD47003002")


class LiveMbMeter(LiveMeter):
    """All of the scenario's meters answer on the M-Bus; a single one has its optical head as well."""

    def __init__(self, vmeter, *options, scenario="meter_mb.yaml", port="mbus"):
        super().__init__(vmeter, *options)
        self.single = scenario == "meter_mb.yaml"
        self.links = {name: self.folder / name for name in ("mbus", "ir")[: 1 + self.single]}
        self.link = self.links[port]
        self.port = self.links["mbus"]
        self.command = [vmeter, "live", HERE / scenario, *options]
        for name, link in self.links.items():
            self.command += [f"--{name}", link]

    def is_up(self):
        return all(os.path.lexists(link) for link in self.links.values())

    def answers(self):
        """Whether it does, with the volts of its scenario; of several meters, any."""
        with RawPort(self.port) as port:
            answer = mbus_port.ask(port, mbus_port.short(mbus_port.SND_NKE, 1), 1)
            if not self.single or not answer:
                return answer != b""
            instantaneous = mbus_port.long(mbus_port.SND_UD | mbus_port.FCB, 1, 0xB1)
            return U_L1 in mbus_port.ask(port, instantaneous)


def main(vmeter, scenario, port, *command):
    return run_beside(LiveMbMeter(vmeter, scenario=scenario, port=port), command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
