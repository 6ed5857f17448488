// Byte vectors of the specification: what goes in, and what a new meter answers.
#pragma once

namespace tests {

/// The CRC is the vector's own.
struct ModbusVector {
  const char* request;
  const char* answer;  ///< "" for none
  const char* what;
};

/// Of a PRO380-Mod, serial 14501234, 230 V on L1, with ID 1 as delivered.
inline constexpr ModbusVector modbus_vectors[] = {
    {"01 03 20 08 00 02 4E 09", "01 03 04 43 66 00 00 0F A8", "230.0 V"},
    {"01 06 10 18 00 02 8C CC", "01 06 10 18 00 02 8C CC", "ID 2, echoed by the old one"},
    {"01 06 10 20 25 80 97 F0", "01 06 10 20 25 80 97 F0", "9600 Bd"},
    {"00 06 10 20 25 80 96 21", "", "the same to everybody"},
    {"01 10 10 66 00 02 04 44 7A 00 00 8D 44", "01 10 10 66 00 02 A5 17", "S0 rate 1000.0"},
    {"01 03 20 00 00 7E CE 2A", "01 83 03 01 31", "126 registers"},
    {"01 08 00 00 A5 37 DA 8D", "01 88 01 87 C0", "loopback"},
    {"01 11 C0 2C", "01 91 01 8C 50", "server id"},
    {"01 2B 0E 01 00 70 77", "01 AB 01 9E F0", "device id"},
};

}  // namespace tests
