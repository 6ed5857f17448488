// Byte vectors of the standard's examples: what goes in, and how a meter takes it.
#pragma once

namespace tests {

struct MbusVector {
  const char* frame;
  const char* what;
};

/// Frames of masters.
inline constexpr MbusVector mbus_requests[] = {
    {"10 40 01 41 16", "SND_NKE to 1"},
    {"10 7B 01 7C 16", "REQ_UD2 to 1, FCB 1"},
    {"10 5B 01 5C 16", "REQ_UD2 to 1, FCB 0"},
    {"10 7B FD 78 16", "REQ_UD2 to the selected meter"},
    {"10 40 FE 3E 16", "SND_NKE to all"},
    {"68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16", "selection of 12345678"},
    {"68 0B 0B 68 53 FD 52 FF FF FF FF FF FF FF FF 9A 16", "selection of any"},
    {"68 03 03 68 53 01 BB 0F 16", "2400 Bd"},
    {"68 03 03 68 53 01 BD 11 16", "9600 Bd"},
    {"68 06 06 68 53 01 51 01 7A 02 22 16", "address 1 becomes 2"},
    {"68 03 03 68 53 01 50 A4 16", "application reset"},
};

/// A frame of a meter: busy.
inline constexpr MbusVector mbus_error_busy = {"68 04 04 68 08 01 70 08 81 16", "busy"};

}  // namespace tests
