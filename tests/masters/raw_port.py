"""A serial port without a Modbus library: raw bytes, so that tests can send what no library would."""
import os
import select
import termios
import time
import tty

READ_U_L1 = bytes.fromhex("010320080002")


def crc(data):
    """CRC-16 of Modbus RTU, low byte first."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def sealed(data):
    return data + crc(data)


def expected_length(answer):
    """Bytes of an answer that begins like this: an exception, a write or a read."""
    if len(answer) < 3:
        return 5
    if answer[1] & 0x80:
        return 5
    return 5 + answer[2] if answer[1] in (3, 4) else 8


class RawPort:
    """Use it in a with statement; its descriptor may also be a socket's."""

    def __init__(self, path, baud=9600):
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.descriptor)
        self.set_baud(baud)

    def set_baud(self, baud):
        """At once, whatever is on its way."""
        settings = termios.tcgetattr(self.descriptor)
        settings[4] = settings[5] = getattr(termios, f"B{baud}")
        termios.tcsetattr(self.descriptor, termios.TCSANOW, settings)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.descriptor)

    def send(self, data):
        os.write(self.descriptor, data)

    def receive(self, timeout):
        """An answer as it comes, or what there is of it when it takes longer than `timeout`."""
        return receive(self.descriptor, timeout)

    def ask(self, data, timeout=5):
        """The answer to a request, both without their CRC; None without a whole answer."""
        self.send(sealed(data))
        answer = self.receive(timeout)
        whole = len(answer) >= 5 and crc(answer[:-2]) == answer[-2:]
        return answer[:-2] if whole else None

    def drop_input(self):
        termios.tcflush(self.descriptor, termios.TCIFLUSH)


def receive(descriptor, timeout):
    answer = b""
    end = time.monotonic() + timeout
    while len(answer) < expected_length(answer):
        ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
        if not ready:
            break
        piece = os.read(descriptor, expected_length(answer) - len(answer))
        if not piece:
            break
        answer += piece
    return answer
