#include "tests/metrology/fake_back.h"

#include <algorithm>
#include <stdexcept>

namespace tests {

using namespace metrology;

namespace {

constexpr double core_hz = 25'165'824.0;

Nanoseconds nanoseconds(std::int64_t cycle) {
  return static_cast<Nanoseconds>(static_cast<double>(cycle) * 1e9 / core_hz);
}

}  // namespace

void FakeBack::supply(std::int64_t at_cycle, std::uint32_t levels) {
  supply_.push_back({at_cycle, levels});
}

void FakeBack::cut(std::int64_t now, std::uint32_t seed, std::uint32_t levels) {
  if (eeprom) eeprom->cut(nanoseconds(now), seed);
  supply_.clear();
  next_supply_ = 0;
  levels_ = levels;
}

void FakeBack::reset() {
  events_ = enable_ = i2c_status_ = 0;
  i2c_enabled_ = busy_ = false;
}

std::int64_t FakeBack::next_event() const {
  std::int64_t next = INT64_MAX;
  if (next_supply_ < supply_.size()) next = supply_[next_supply_].at_cycle;
  if (busy_) next = std::min(next, end_);
  return next;
}

void FakeBack::fire(std::int64_t now, bool protect) {
  for (; next_supply_ < supply_.size() && supply_[next_supply_].at_cycle <= now; ++next_supply_) {
    const std::uint32_t before = levels_;
    levels_ = supply_[next_supply_].levels;
    const std::uint32_t rose = levels_ & ~before;
    const std::uint32_t fell = before & ~levels_;
    if ((fell & hal::power::state_mains) != 0) events_ |= hal::power::event_mains_lost;
    if ((rose & hal::power::state_mains) != 0) events_ |= hal::power::event_mains_back;
    if ((rose & hal::power::state_charged) != 0) events_ |= hal::power::event_charged;
  }
  if (!busy_ || end_ > now) return;
  busy_ = false;
  i2c_status_ = hal::i2c::status_done;
  auto result = storage::Result::not_acknowledged;
  if (eeprom) {
    eeprom->write_protected = protect;
    result = eeprom->transact(transaction_, nanoseconds(begin_), nanoseconds(end_), buffer_);
  }
  if (result != storage::Result::acknowledged) i2c_status_ |= hal::i2c::status_nak;
}

bool FakeBack::covers(std::uint32_t base) {
  return base == hal::i2c::base || base == hal::power::base;
}

std::uint32_t FakeBack::read(std::uint32_t base, std::uint32_t offset) const {
  if (base == hal::power::base) {
    if (offset == hal::power::state) return levels_;
    if (offset == hal::power::events) return events_;
  } else if (offset == hal::i2c::status) {
    return i2c_status_;
  } else if (offset >= hal::i2c::buffer_0) {
    std::uint32_t word = 0;
    for (std::uint32_t n = 0; n < 4; ++n) {
      word |= std::uint32_t{buffer_[offset - hal::i2c::buffer_0 + n]} << (8 * n);
    }
    return word;
  }
  throw std::logic_error("read of a register that is not there");
}

void FakeBack::command(std::uint32_t value, std::int64_t now) {
  if (busy_ || !i2c_enabled_) throw std::logic_error("I2C command while busy or disabled");
  transaction_ = {};
  transaction_.device = static_cast<std::uint8_t>(value & 0x7FU);
  transaction_.write_count = static_cast<std::uint8_t>(value >> hal::i2c::command_write_shift);
  transaction_.read_count = static_cast<std::uint8_t>(value >> hal::i2c::command_read_shift);
  if (transaction_.write_count > sizeof(transaction_.bytes)) throw std::logic_error("too long");
  std::copy_n(buffer_, transaction_.write_count, transaction_.bytes);
  busy_ = true;
  begin_ = now;
  const bool answers = eeprom && eeprom->answers(nanoseconds(now));
  std::int64_t quarters = 10 + 36;
  if (answers) quarters += std::int64_t{36} * transaction_.write_count;
  if (answers && transaction_.read_count > 0)
    quarters += 6 + std::int64_t{36} * (1 + transaction_.read_count);
  end_ = now + quarters * divider_;
}

void FakeBack::write(std::uint32_t base, std::uint32_t offset, std::uint32_t value,
                     std::int64_t now) {
  if (base == hal::power::base) {
    if (offset == hal::power::events) events_ &= ~value;
    if (offset == hal::power::enable) enable_ = value;
    return;
  }
  if (offset >= hal::i2c::buffer_0) {
    if (busy_) throw std::logic_error("I2C buffer while busy");
    for (std::uint32_t n = 0; n < 4; ++n) {
      buffer_[offset - hal::i2c::buffer_0 + n] = static_cast<std::uint8_t>(value >> (8 * n));
    }
  } else if (offset == hal::i2c::control) {
    i2c_enabled_ = (value & hal::i2c::control_enable) != 0;
  } else if (offset == hal::i2c::divider) {
    divider_ = value;
  } else if (offset == hal::i2c::status) {
    i2c_status_ &= ~value;
  } else {
    command(value, now);
  }
}

}  // namespace tests
