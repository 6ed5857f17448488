// The ports that a real master can have, one a kind of line.
#pragma once

#include <array>
#include <string_view>

#include "models/masters/serial_end.h"
#include "tools/live/frame_rules.h"
#include "tools/scenario/scenario.h"

namespace tools::live {

struct PortKind {
  std::string_view name;       ///< the option's, the led line's, in the journal
  std::string_view said;       ///< "vmeter: … at LINK"
  std::string_view line;       ///< what it is a port to
  std::string_view condition;  ///< of the scenario: "found one without …, expected …"
  /// What characters look like at first; null when the scenario has no such line.
  const models::masters::SerialFormat* (*format)(const Scenario& scenario);
  FrameRule frames;
  std::size_t longest_frame;
  /// [twin] Silence before a frame, in characters: few masters wait, since their adapters do.
  int silence;
  /// Whether a frame that begins like this was written before a change of the rate that was seen
  /// together with it.
  bool (*precedes_change)(std::uint8_t first);
};

inline constexpr std::size_t port_kind_count = 3;
/// In the order in which their bytes are taken.
extern const std::array<PortKind, port_kind_count> port_kinds;

/// Null: there is none of that name.
const PortKind* port_kind(std::string_view name);

}  // namespace tools::live
