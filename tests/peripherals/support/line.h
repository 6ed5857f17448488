// A serial line for tests: any number of ends, no delay, and any space wins over marks. Levels may
// be announced ahead.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "models/pins/line.h"

namespace test {

using models::pins::LineDrive;
using models::pins::Ps;

class Line {
 public:
  class End : public models::pins::LinePort {
   public:
    explicit End(Line& line) : line_(line) {}

    void drive(Ps t, LineDrive what) override {
      rising = rising && (driven.empty() || t > driven.rbegin()->first);
      driven[t] = what;
      line_.tell(t);
    }
    void cut(Ps t) override {
      driven.erase(driven.lower_bound(t), driven.end());
      driven[t] = LineDrive::released;
      line_.tell(t);
    }
    std::uint64_t marks_at(const Ps* instants, int count) const override {
      std::uint64_t marks = 0;
      for (int n = 0; n < count; ++n) {
        marks |= std::uint64_t{line_.mark_at(instants[n])} << static_cast<unsigned>(n);
      }
      return marks;
    }
    Ps next_fall(Ps from) const override { return line_.next_fall(from); }

    LineDrive at(Ps t) const {
      const auto next = driven.upper_bound(t);
      return next == driven.begin() ? LineDrive::released : std::prev(next)->second;
    }

    std::map<Ps, LineDrive> driven;  ///< whole history
    models::pins::LineListener* listener = nullptr;
    bool rising = true;  ///< instants rose strictly

   private:
    Line& line_;
  };

  End& add() { return *ends_.emplace_back(std::make_unique<End>(*this)); }

  bool mark_at(Ps t) const {
    return std::none_of(ends_.begin(), ends_.end(),
                        [t](const auto& end) { return end->at(t) == LineDrive::space; });
  }
  Ps next_fall(Ps from) const {
    Ps found = models::pins::ps_never;
    for (const auto& end : ends_) {
      for (auto at = end->driven.lower_bound(from); at != end->driven.end(); ++at) {
        const Ps t = at->first;
        if (!mark_at(t) && (t == 0 || mark_at(t - 1))) found = std::min(found, t);
      }
    }
    return found;
  }

 private:
  void tell(Ps t) {
    for (const auto& end : ends_) {
      if (end->listener != nullptr) end->listener->line_changed(t);
    }
  }
  std::vector<std::unique_ptr<End>> ends_;
};

}  // namespace test
