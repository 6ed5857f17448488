// Who is on the bus? Two procedures of a master, as a list of requests that depends on the answers.
//
// Secondary search: everybody whom the mask means is selected. Nobody answers: done. One answers
// cleanly: his RSP_UD tells who he is. More than one: the first free digit of the identification is
// fixed at 0, 1 … 9 in turn, and each is a search of its own. At the end whoever is selected is
// released by an SND_NKE to FD.
// Primary scan: an SND_NKE to each address in turn.
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "models/masters/mbus_request.h"

namespace models::masters {

struct MbusFindings {
  std::uint64_t tag = 0;
  Ps begin = 0;  ///< of the first request
  Ps end = 0;    ///< when the last was judged
  std::vector<MbusSecondary> secondary;
  std::vector<std::uint8_t> primary;
  /// Several answered at once, or one damaged, and nothing was left to tell them apart by.
  std::vector<MbusSecondary> clashes;
  std::vector<std::uint8_t> primary_clashes;
  std::uint64_t exchanges = 0;
};

struct MbusSearchOrder {
  enum class Kind { secondary, primary };

  Kind kind = Kind::secondary;
  MbusSecondary mask;                      ///< of a secondary search
  std::uint8_t from = 0;                   ///< of a primary scan
  std::uint8_t to = mbus_highest_primary;  ///< … the last address
  int repeats = 0;                         ///< before silence is believed
  Ps not_before = 0;
  std::optional<Ps> wait;
  std::optional<SerialFormat> format;
  std::uint64_t tag = 0;
};

struct MbusSearchState {
  enum class Step { select, read, release, ping, over };

  MbusSearchOrder order;
  MbusFindings findings;
  Step step = Step::select;
  std::vector<int> free;        ///< free digits' places in the identification, from the first on
  std::vector<unsigned> fixed;  ///< what the first of them are fixed at
  int address = 0;              ///< of a primary scan
};

class MbusSearch {
 public:
  explicit MbusSearch(const MbusSearchOrder& order);
  /// One that goes on.
  explicit MbusSearch(MbusSearchState state) : state_(std::move(state)) {}

  const MbusSearchState& state() const { return state_; }
  const MbusSearchOrder& order() const { return state_.order; }
  bool over() const { return state_.step == Step::over; }
  /// What is to be asked next; not when it is over.
  MbusRequest next() const;
  /// What came of it.
  void take(const MbusExchange& exchange);
  const MbusFindings& findings() const { return state_.findings; }

 private:
  using Step = MbusSearchState::Step;

  MbusSecondary asked() const;
  void take_selection(const MbusExchange& exchange);
  void take_reading(const MbusExchange& exchange);
  void take_ping(const MbusExchange& exchange);
  void descend();
  void advance();

  MbusSearchState state_;
};

}  // namespace models::masters
