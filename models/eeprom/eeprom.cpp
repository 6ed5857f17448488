#include "models/eeprom/eeprom.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace models::eeprom {

namespace {

constexpr std::uint32_t byte_bits = 8;
constexpr std::uint32_t clocks_of_byte = byte_bits + 1;  // with the acknowledge
constexpr std::uint32_t first_device = 0x50;
constexpr std::uint32_t last_device = 0x57;

std::uint32_t page_of(std::uint32_t address) {
  return address / static_cast<std::uint32_t>(page_bytes);
}

}  // namespace

void rebase(EepromState& state, Ps by) {
  state.busy_until = pins::rebased(state.busy_until, by);
  state.protect_changed = 0;
  state.protected_before = state.write_protected;
}

Eeprom::Eeprom(EepromConfig config, pins::EventSink& sink, const std::vector<std::uint8_t>& image)
    : config_(std::move(config)), sink_(sink), state_{} {
  if (!image.empty() && image.size() != byte_count) {
    throw std::invalid_argument("an EEPROM image has 32768 bytes");
  }
  if (config_.device < first_device || config_.device > last_device) {
    throw std::invalid_argument("a 24C256 has one of the I2C addresses 0x50 to 0x57");
  }
  if (config_.write_time > pins::ps_per_s) {
    throw std::invalid_argument("an EEPROM writes a page within 1 s");
  }
  state_.cells.fill(0xFF);
  std::copy(image.begin(), image.end(), state_.cells.begin());
  state_.random = random::Random(config_.seed, config_.instance).state();
}

// --- wires --------------------------------------------------------------------------------------

void Eeprom::start(Ps) {
  if (!state_.powered || state_.dead) return;
  state_.mode = EepromMode::device;
  state_.rises = 0;
  state_.shift = 0;
  state_.acknowledging = false;
  state_.latched = 0;
}

void Eeprom::stop(Ps t) {
  // A STOP's own clock rises as the first of a next byte; any other number is a STOP in mid-byte.
  const bool between_bytes = state_.rises == 1;
  if (state_.mode == EepromMode::write && between_bytes && state_.latched != 0) write_page(t);
  forget();
}

bool Eeprom::scl_falls(Ps t) {
  if (!state_.powered) return true;
  if (state_.dead) return !state_.stuck;
  bool released = true;
  if (state_.rises == byte_bits && state_.mode != EepromMode::read) {
    state_.acknowledging = takes_byte(t);
    released = !state_.acknowledging;
  } else if (state_.rises == clocks_of_byte) {
    if (state_.mode == EepromMode::read && !state_.acknowledging && !state_.master_acknowledged) {
      state_.mode = EepromMode::idle;
    }
    state_.acknowledging = false;
    state_.rises = 0;
    state_.shift = 0;
  }
  if (state_.mode == EepromMode::read && state_.rises < byte_bits && !state_.acknowledging) {
    released = drive_next_bit();
  }
  return released && !state_.stuck;
}

void Eeprom::scl_rises(Ps, bool sda) {
  if (state_.mode == EepromMode::idle) return;
  if (state_.rises < byte_bits) {
    state_.shift = state_.shift << 1 | (sda ? 1 : 0);
  } else {
    state_.master_acknowledged = !sda;
  }
  ++state_.rises;
}

void Eeprom::write_protect(Ps t, bool on) {
  if (on == state_.write_protected) return;
  if (t != state_.protect_changed) state_.protected_before = state_.write_protected;
  state_.write_protected = on;
  state_.protect_changed = t;
}

void Eeprom::power(Ps t, bool on) {
  if (on == state_.powered) return;
  if (!on && busy(t)) tear(t);
  state_.powered = on;
  state_.busy_until = 0;
  state_.address = 0;
  forget();
}

// --- bytes --------------------------------------------------------------------------------------

/// A byte has come in whole; whether it is acknowledged.
bool Eeprom::takes_byte(Ps t) {
  const std::uint32_t byte = state_.shift & 0xFF;
  switch (state_.mode) {
    case EepromMode::device:
      if (!answers_to(t, byte)) {
        forget();
        return false;
      }
      state_.mode = (byte & 1) != 0 ? EepromMode::read : EepromMode::address_high;
      return true;
    case EepromMode::address_high:
      state_.address = byte << 8 & (byte_count - 1);
      state_.mode = EepromMode::address_low;
      return true;
    case EepromMode::address_low:
      state_.address |= byte;
      state_.mode = EepromMode::write;
      return true;
    case EepromMode::write: {
      const auto place = state_.address % static_cast<std::uint32_t>(page_bytes);
      state_.latch[place] = static_cast<std::uint8_t>(byte);
      state_.latched |= std::uint64_t{1} << place;
      state_.address =
          state_.address - place + (place + 1) % static_cast<std::uint32_t>(page_bytes);
      return true;
    }
    case EepromMode::idle:
    case EepromMode::read:
      break;
  }
  return false;
}

bool Eeprom::answers_to(Ps t, std::uint32_t byte) {
  if (byte >> 1 != config_.device || busy(t)) return false;
  if (state_.naks == 0) return true;
  --state_.naks;
  return false;
}

/// The next bit of the cell under the address pointer, which moves on as the last one goes out.
bool Eeprom::drive_next_bit() {
  const bool bit = (state_.cells[state_.address] >> (byte_bits - 1 - state_.rises) & 1) != 0;
  if (state_.rises == byte_bits - 1) state_.address = (state_.address + 1) % byte_count;
  return bit;
}

void Eeprom::write_page(Ps t) {
  const bool is_protected =
      state_.protect_changed == t ? state_.protected_before : state_.write_protected;
  if (is_protected) return;
  const std::uint32_t page = page_of(state_.address);
  std::uint8_t* cells = state_.cells.data() + page * page_bytes;
  std::uint64_t bytes = 0;
  std::copy_n(cells, page_bytes, state_.old_bytes.begin());
  for (std::size_t k = 0; k < page_bytes; ++k) {
    if ((state_.latched >> k & 1) == 0) continue;
    cells[k] = state_.latch[k];
    ++bytes;
  }
  state_.busy_page = page;
  state_.busy_until = t + config_.write_time;
  ++state_.wear[page];
  sink_.record(t, config_.instance, "write",
               {{"page", std::uint64_t{page}},
                {"wear", std::uint64_t{state_.wear[page]}},
                {"bytes", bytes}});
}

void Eeprom::tear(Ps t) {
  random::Random random(state_.random);
  std::uint8_t* cells = state_.cells.data() + state_.busy_page * page_bytes;
  for (std::size_t k = 0; k < page_bytes; ++k) {
    const std::uint64_t fate = random.below(3);
    if (fate == 0) cells[k] = state_.old_bytes[k];
    if (fate == 1) cells[k] = static_cast<std::uint8_t>(random.below(256));
  }
  state_.random = random.state();
  sink_.record(t, config_.instance, "torn", {{"page", std::uint64_t{state_.busy_page}}});
}

void Eeprom::forget() {
  state_.mode = EepromMode::idle;
  state_.rises = 0;
  state_.acknowledging = false;
  state_.latched = 0;
}

// --- outside the bus ----------------------------------------------------------------------------

std::vector<std::uint8_t> Eeprom::image() const {
  return std::vector<std::uint8_t>(state_.cells.begin(), state_.cells.end());
}

void Eeprom::set_dead(bool dead) {
  state_.dead = dead;
  forget();
}

void Eeprom::corrupt(std::size_t address, std::uint8_t flipped_bits) {
  state_.cells.at(address) ^= flipped_bits;
}

}  // namespace models::eeprom
