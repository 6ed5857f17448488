// What an LCD controller drives: the segments of the glass, frame by frame.
#pragma once

#include <array>
#include <cstdint>

#include "models/pins/time.h"

namespace models::pins {

/// Per common (backplane) the segment lines that are on, bit n for line n.
using GlassSegments = std::array<std::uint32_t, 4>;

class Glass {
 public:
  Glass() = default;
  Glass(const Glass&) = delete;
  Glass& operator=(const Glass&) = delete;
  virtual ~Glass() = default;

  /// From the frame that begins at `t` on, `segments` are visible. Called when they change only,
  /// at kernel time `t`; a controller that is off or without supply shows none.
  virtual void show(Ps t, const GlassSegments& segments) = 0;
};

}  // namespace models::pins
