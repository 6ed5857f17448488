#include "tests/end_to_end/error_table.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

namespace end_to_end {

namespace {

struct QuantityText {
  const char* name;
  const char* unit;
  double per_unit;
};

constexpr QuantityText quantity_texts[quantity_count] = {
    {"active energy", " %", 100},
    {"reactive energy", " %", 100},
    {"reactive energy of S t", " %", 100},
    {"P", " %", 100},
    {"Q", " %", 100},
    {"Q of S", " %", 100},
    {"S", " %", 100},
    {"PF", "", 1},
    {"U", " %", 100},
    {"I", " %", 100},
    {"f", " Hz", 1},
};

}  // namespace

void ErrorTable::note(Quantity quantity, double error, double limit, const std::string& where) {
  const auto index = static_cast<std::size_t>(quantity);
  INFO(where << ", " << quantity_texts[index].name << ": error " << error << ", limit " << limit);
  REQUIRE(std::isfinite(error));
  REQUIRE(std::isfinite(limit));
  REQUIRE(limit > 0);
  Worst& worst = worst_[index];
  ++worst.errors;
  const double share = std::abs(error) / limit;
  if (worst.errors > 1 && share <= worst.share) return;
  worst.error = error;
  worst.share = share;
  worst.where = where;
}

void ErrorTable::conclude(const std::string& title) const {
  int errors = 0;
  for (std::size_t n = 0; n < worst_.size(); ++n) {
    const Worst& worst = worst_[n];
    const QuantityText& text = quantity_texts[n];
    errors += worst.errors;
    if (worst.errors == 0) continue;
    const std::string line = fmt::format(
        "accuracy | {} | {} | {} | {:+.2g}{} | {:.1f} % of the promise | {}", title, text.name,
        worst.errors, worst.error * text.per_unit, text.unit, worst.share * 100, worst.where);
    fmt::print("{}\n", line);
    INFO(line);
    CHECK(worst.share <= 1.0);
  }
  CHECK(errors > 0);
}

}  // namespace end_to_end
