// The bus of a scenario: its cable, its master, what the master is to do, and what is expected of
// the answers. Plain data, checked, in the units of the models.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrology/registers/row.h"
#include "models/lines/rs485_spec.h"
#include "models/masters/modbus_master.h"
#include "tools/scenario/input_error.h"

namespace tools {

using models::pins::Ps;

/// The meters share 64 places with the master, whoever draws the waveform, and a real master.
inline constexpr int most_bus_meters = models::lines::most_rs485_ends - 3;

enum class Wires { normal, swapped, open };

struct BusSpec {
  models::lines::CableSpec cable;
  models::lines::NoiseSpec noise;  ///< of every end without its own
  models::masters::SerialFormat format;
  double master_position_m = 0;
  Wires master_wires = Wires::normal;
  Ps timeout = models::masters::default_answer_timeout;
  Ps turnaround = models::masters::default_turnaround;
  Position position;
};

/// How a meter is on the bus.
struct BusEnd {
  std::optional<double> position_m;
  Wires wires = Wires::normal;
  std::optional<models::lines::NoiseSpec> noise;
  std::optional<Position> position;  ///< of the key, if it is there
};

// --- what the master does
// -------------------------------------------------------------------------

enum class ModbusAction { read, write, poll, bytes };
enum class FrameCrc { right, wrong, none };

/// `after` the byte of that number, counted from 1.
struct LineGap {
  int after = 0;
  Ps duration = 0;
};

/// What is to be wrong with a frame on the line; bytes are counted from 1.
struct FrameFaults {
  std::optional<LineGap> gap;
  std::optional<int> parity_error;
  std::optional<int> no_stop;
};

struct ModbusEntry : FrameFaults {
  ModbusAction action = ModbusAction::read;
  std::vector<const metrology::registers::Row*> rows;  ///< one but for a poll; none for bytes
  bool second_map = false;
  std::vector<std::uint8_t> bytes;  ///< to be sent, or to be written into the row
  std::string shown;                ///< the value that is written
  std::optional<int> registers;
  std::uint8_t function = 3;
  std::optional<std::uint8_t> to;
  std::uint64_t count = UINT64_MAX;  ///< of a poll, to each meter
  Ps until = models::pins::ps_never;
  FrameCrc crc = FrameCrc::right;
  std::optional<Ps> timeout;
  std::optional<std::uint32_t> baud;
  std::optional<models::masters::Parity> parity;
};

}  // namespace tools
