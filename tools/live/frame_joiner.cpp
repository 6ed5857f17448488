#include "tools/live/frame_joiner.h"

#include <utility>

#include "models/masters/crc16.h"

namespace tools::live {
namespace {

constexpr std::size_t longest_frame = 256;  // of Modbus RTU

}  // namespace

Bytes FrameJoiner::from_piece(std::size_t first) const {
  Bytes joined;
  for (std::size_t n = first; n < pieces_.size(); ++n) {
    joined.insert(joined.end(), pieces_[n].begin(), pieces_[n].end());
  }
  return joined;
}

std::vector<Bytes> FrameJoiner::arrived(Ps now, Bytes piece) {
  if (strict_) return {std::move(piece)};
  pieces_.push_back(std::move(piece));
  for (std::size_t first = 0; first < pieces_.size(); ++first) {
    Bytes frame = from_piece(first);
    if (!models::masters::crc_holds(frame)) continue;
    std::vector<Bytes> frames;
    pieces_.resize(first);
    if (first > 0) frames.push_back(from_piece(0));
    frames.push_back(std::move(frame));
    pieces_.clear();
    deadline_ = models::pins::ps_never;
    return frames;
  }
  if (from_piece(0).size() > longest_frame) return {give_up()};
  deadline_ = now + patience_;
  return {};
}

Bytes FrameJoiner::give_up() {
  Bytes frame = from_piece(0);
  pieces_.clear();
  deadline_ = models::pins::ps_never;
  return frame;
}

}  // namespace tools::live
