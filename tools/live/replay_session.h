// A live session once more, from its journal: what came from outside comes at the same instants, as
// fast as the kernel runs.
#pragma once

#include <memory>
#include <optional>

#include "tools/live/inlet.h"

namespace tools::live {

class ReplaySession final : public Session {
 public:
  /// `journal` must outlive this.
  explicit ReplaySession(const Journal& journal);
  ~ReplaySession() override;

  void begin(SessionWorld world) override;
  Ps next(Ps now, Ps end) override;
  void over(Ps end) override;

 private:
  const Journal& journal_;
  std::unique_ptr<Inlet> inlet_;
};

}  // namespace tools::live
