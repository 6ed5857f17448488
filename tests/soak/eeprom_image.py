"""A reader of an EEPROM's image of its own: the newest whole counter record (metrology/storage/layout.h
and record.h say what stands where).
"""
import struct
import zlib

IMAGE = 32768
PAGE = 64
RING = 8 * PAGE
SLOT = 8 * PAGE
SLOTS = 63
COUNTERS = 33


def sequence_of(record, kind):
    """The sequence number of a whole record, else None."""
    if record[:2] != b"P" + kind:
        return None
    (check,) = struct.unpack(">I", record[-4:])
    return struct.unpack(">I", record[4:8])[0] if check == zlib.crc32(record[:-4]) else None


def newest_counters(image):
    """Picowatt hours of all 33 counters of the newest whole record; None without one."""
    assert len(image) == IMAGE, f"an image of {len(image)} bytes"
    records = [image[RING + n * SLOT : RING + (n + 1) * SLOT] for n in range(SLOTS)]
    whole = [(sequence_of(r, b"E"), r) for r in records if sequence_of(r, b"E") is not None]
    if not whole:
        return None
    record = max(whole, key=lambda pair: pair[0])[1]
    fields = struct.iter_unpack(">qI", record[10 : 10 + 12 * COUNTERS])
    return [uWh * 1_000_000 + rest for uWh, rest in fields]
