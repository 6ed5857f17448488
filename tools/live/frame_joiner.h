// Puts together what a master wrote in one piece and the host delivered in several. On a real wire
// a frame has no gaps; a pause of the host's scheduler between two reads would make one.
//
// The protocol's rule (frame_rules.h) tells whether pieces are whole. What is not waits for more,
// up to `patience` behind its last piece, and then goes on the line as it is: garbage stays
// garbage. When pieces from the middle on are whole, those before them are a frame of their own;
// garbage that came in one piece with a frame stays with it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/pins/time.h"
#include "tools/live/frame_rules.h"

namespace tools::live {

using models::pins::Ps;

/// [twin] A stall of a busy desktop is shorter, and a master's time-out longer; of the wall clock.
inline constexpr Ps joiner_patience = 50 * models::pins::ps_per_ms;

class FrameJoiner {
 public:
  /// What is longer than `longest_frame` is none and waits for nothing. `strict`: nothing is
  /// joined, every piece is a frame.
  FrameJoiner(FrameRule rule, std::size_t longest_frame, bool strict, Ps patience = joiner_patience)
      : rule_(rule), longest_frame_(longest_frame), strict_(strict), patience_(patience) {}

  /// A piece that arrived at `now`; returns the frames that are to go on the line, in order.
  std::vector<Bytes> arrived(Ps now, Bytes piece);
  /// When what waits is given up; ps_never while nothing waits.
  Ps deadline() const { return deadline_; }
  /// What waits, as a frame; empty when nothing does.
  Bytes give_up();

 private:
  Bytes from_piece(std::size_t first) const;

  FrameRule rule_;
  std::size_t longest_frame_;
  bool strict_;
  Ps patience_;
  std::vector<Bytes> pieces_;
  Ps deadline_ = models::pins::ps_never;
};

}  // namespace tools::live
