#include "tools/live/frame_joiner.h"

#include <utility>

namespace tools::live {

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
    std::optional<std::size_t> garbage = rule_(from_piece(first));
    if (!garbage) continue;
    for (; *garbage >= pieces_[first].size(); ++first) *garbage -= pieces_[first].size();
    Bytes whole = from_piece(first);
    pieces_.resize(first);
    std::vector<Bytes> frames;
    if (first > 0) frames.push_back(give_up());
    frames.push_back(std::move(whole));
    give_up();
    return frames;
  }
  if (from_piece(0).size() > longest_frame_) return {give_up()};
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
