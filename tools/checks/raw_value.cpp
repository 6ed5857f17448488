#include "tools/checks/raw_value.h"

#include <cstring>

namespace tools {
namespace {

constexpr std::uint32_t energy_kind = 2;
constexpr double pWh_per_kWh = 1e15;
constexpr double joules_per_pWh = 3.6e-9;

std::uint64_t wide(const Reading& reading, std::size_t word) {
  return std::uint64_t{reading.words[word]} << 32U | reading.words[word + 1];
}

Int128 picowatthours(const Reading& reading) {
  return Int128{static_cast<std::int64_t>(wide(reading, 1))} * 1'000'000 + reading.words[3];
}

}  // namespace

double raw_value(const Reading& reading) {
  if (reading.words[0] == energy_kind) {
    return static_cast<double>(picowatthours(reading)) / pWh_per_kWh;
  }
  const std::uint64_t bits = wide(reading, 1);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

double booked_between(const Reading& first, const Reading& last) {
  return static_cast<double>(picowatthours(last) - picowatthours(first)) * joules_per_pWh;
}

BookedUntil booked_until(const Reading& reading) {
  return {static_cast<std::int64_t>(wide(reading, 4)),
          static_cast<double>(reading.words[6]) * 0x1p-32};
}

std::string_view reason_of(metrology::hal::MailboxReply reply) {
  using metrology::hal::MailboxReply;
  switch (reply) {
    case MailboxReply::ok:
      return "accepted";
    case MailboxReply::no_such_row:
      return "no such register";
    case MailboxReply::read_only:
      return "read only";
    case MailboxReply::bad_value:
      return "bad value";
    case MailboxReply::no_raw:
      return "no unrounded value";
  }
  return "an unknown answer";
}

}  // namespace tools
