#!/usr/bin/env python3
"""Round trip of a master at 9600 8E1 and real speed: round_trip.py VMETER. Asks 200 times for U L1,
with the 3.5 characters of silence between that Modbus wants, and prints how long the answers took
against what wire and meter take by themselves. Fails only when one does not come: the host's load is
not the meter's fault.
"""
import statistics
import sys
import time

from live_meter import U_L1, LiveMeter
from raw_port import READ_U_L1, RawPort

REQUESTS = 200
CHARACTER = 11 / 9600  # seconds
SILENCE = 5 * CHARACTER
ANSWER_DELAY = 0.020
REQUEST_BYTES, ANSWER_BYTES = 8, 9


def main(vmeter):
    took = []
    with LiveMeter(vmeter, speed=1) as meter:
        with RawPort(meter.link) as port:
            for _ in range(REQUESTS):
                start = time.monotonic()
                if port.ask(READ_U_L1) != U_L1:
                    return "A request was not answered with 230.0 V."
                took.append(time.monotonic() - start)
                time.sleep(SILENCE)
        meter.stop()
        said = meter.text()
    by_itself = (REQUEST_BYTES + ANSWER_BYTES) * CHARACTER + ANSWER_DELAY
    median = statistics.median(took)
    print(
        f"{REQUESTS} round trips: median {1000 * median:.3f} ms, "
        f"{100 * (median / by_itself - 1):+.2f} % of {1000 * by_itself:.3f} ms on wire and in meter; "
        f"fastest {1000 * min(took):.3f} ms, slowest {1000 * max(took):.3f} ms"
    )
    print(said, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
