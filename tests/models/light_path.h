// Two ends that see each other's light and nothing else: what one end sends, the other sees at
// once. Space is light, dark is a mark.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "models/pins/line.h"

namespace tests {

class LightPath {
 public:
  using Ps = models::pins::Ps;

  class End final : public models::pins::LinePort {
   public:
    void drive(Ps t, models::pins::LineDrive what) override {
      if (!sent.empty() && t <= sent.back().t) throw std::invalid_argument("instants do not rise");
      const bool mark = what != models::pins::LineDrive::space;
      const bool falls = !mark && (sent.empty() || sent.back().mark);
      sent.push_back({t, mark});
      if (falls && other->listener != nullptr) other->listener->line_changed(t);
    }
    void cut(Ps t) override {
      while (!sent.empty() && sent.back().t >= t) sent.pop_back();
      if (!sent.empty() && !sent.back().mark) sent.push_back({t, true});
      if (other->listener != nullptr) other->listener->line_changed(t);
    }
    std::uint64_t marks_at(const Ps* instants, int count) const override {
      std::uint64_t marks = 0;
      for (int i = 0; i < count; ++i) {
        if (other->mark_at(instants[i])) marks |= std::uint64_t{1} << i;
      }
      return marks;
    }
    Ps next_fall(Ps from) const override {
      bool mark = from == 0 || other->mark_at(from - 1);
      for (const Change& change : other->sent) {
        if (change.t < from) continue;
        if (mark && !change.mark) return change.t;
        mark = change.mark;
      }
      return models::pins::ps_never;
    }

    struct Change {
      Ps t;
      bool mark;
    };
    /// What this end's own light was at `t`.
    bool mark_at(Ps t) const {
      bool mark = true;
      for (const Change& change : sent) {
        if (change.t > t) break;
        mark = change.mark;
      }
      return mark;
    }

    std::vector<Change> sent;
    End* other = nullptr;
    models::pins::LineListener* listener = nullptr;
  };

  LightPath() {
    meter.other = &head;
    head.other = &meter;
  }

  End meter;
  End head;
};

}  // namespace tests
