#include "tools/live/port_kinds.h"

namespace tools::live {
namespace {

using models::masters::SerialFormat;

const SerialFormat* modbus_format(const Scenario& scenario) {
  return scenario.bus ? &scenario.bus->format : nullptr;
}

const SerialFormat* mbus_format(const Scenario& scenario) {
  return scenario.mbus ? &scenario.mbus->format : nullptr;
}

const SerialFormat* ir_format(const Scenario& scenario) {
  return scenario.ir ? &scenario.ir->format : nullptr;
}

/// Masters set the rate, then they write.
bool never(std::uint8_t) { return false; }

/// A sign-on, and what wakes a meter for one, follows the setting of the rate; all that belongs to
/// a session, the choice of another rate above all, comes before it is changed.
bool unless_sign_on(std::uint8_t first) {
  const int character = first & 0x7F;
  return character != '/' && character != 0;
}

}  // namespace

// Modbus: more than the 3.5 characters that end a frame, in whole ones. M-Bus: 33 bit times, which
// a slave that has met an error wants before it listens again. Infra-red: gaps are of no meaning.
const std::array<PortKind, port_kind_count> port_kinds = {{
    {"modbus", "Modbus", "the RS-485 bus", "a bus, expected one with a PRO380-Mod", modbus_format,
     modbus_frame, 256, 4, never},
    {"mbus", "M-Bus", "the M-Bus", "an M-Bus, expected one with mbus: at the top level",
     mbus_format, mbus_frames, 261, 3, never},
    {"ir", "infra-red", "the meter's infra-red port",
     "an optical head, expected one with ir: at the top level", ir_format, iec62056_messages, 256,
     0, unless_sign_on},
}};

const PortKind* port_kind(std::string_view name) {
  for (const PortKind& kind : port_kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace tools::live
