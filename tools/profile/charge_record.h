// What the code between two of the firmware's charges was seen to take, and what the charges must
// be for it.
//
// The code before a charge stands for `base`, or for `base` and `count` times `each`. Of each such
// pair the worst case of every count is kept. A table covers them if base + count · each is at
// least the worst case, everywhere.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace tools::profile {

class ChargeRecord {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  struct Pair {
    std::uint32_t base;
    std::uint32_t each;  ///< or none
    bool operator<(const Pair& other) const {
      return base != other.base ? base < other.base : each < other.each;
    }
  };
  struct Seen {
    std::uint64_t times;
    std::uint64_t worst;  ///< cycles
  };
  using Counts = std::map<std::uint32_t, Seen>;  ///< by count; under 0 where there is no each

  void add(const Pair& pair, std::uint32_t count, std::uint64_t cycles) {
    add(pair, count, Seen{1, cycles});
  }
  void add(const Pair& pair, std::uint32_t count, const Seen& more);
  void add(const ChargeRecord& other);

  const std::map<Pair, Counts>& seen() const { return seen_; }
  std::uint64_t times(std::uint32_t charge) const;

 private:
  std::map<Pair, Counts> seen_;
};

/// The least cycles of each charge, by number, that cover the record: of a pair's lines above all
/// its points the one by which all that was seen is charged with least. An `each` of several pairs
/// is the steepest of theirs. 0 for a charge that was not seen; `size` is that of the table.
std::vector<std::uint64_t> least_charges(const ChargeRecord& record, std::size_t size);

/// A point that a table does not cover.
struct Shortfall {
  ChargeRecord::Pair pair;
  std::uint32_t count;
  std::uint64_t measured;
  std::uint64_t charged;
};
std::vector<Shortfall> shortfalls(const ChargeRecord& record,
                                  const std::vector<std::uint64_t>& table);

}  // namespace tools::profile
