"""M-Bus without a library: frames as bytes, so that tests can send what no library would."""
import os
import select
import time

SND_NKE, SND_UD, REQ_UD2 = 0x40, 0x53, 0x5B
FCB = 0x20
ACK = b"\xe5"


def short(control, address):
    return bytes((0x10, control, address, (control + address) & 0xFF, 0x16))


def long(control, address, ci, data=b""):
    """A control frame if there is no data."""
    body = bytes((control, address, ci)) + data
    return bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))


def whole(answer):
    """Whether this is a frame from begin to end."""
    if answer[:1] != b"\x68":
        return answer != b""
    return len(answer) >= 4 and len(answer) == answer[1] + 6


def ask(port, frame, timeout=2):
    """The answer, or what there is of it when it takes longer than `timeout`."""
    port.drop_input()
    port.send(frame)
    answer = b""
    end = time.monotonic() + timeout
    while not whole(answer):
        if not select.select([port.descriptor], [], [], max(0, end - time.monotonic()))[0]:
            break
        answer += os.read(port.descriptor, 1)
    return answer
