#include "tests/metrology/fake_uart.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace tests {

namespace uart = metrology::hal::uart;

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

}  // namespace

// --- the line -----------------------------------------------------------------------------------

std::int64_t FakeUart::say(std::int64_t start, const std::vector<std::uint8_t>& bytes,
                           LineFormat format) {
  for (const std::uint8_t byte : bytes) start = say_damaged(start, byte, 0, format);
  return start;
}

std::int64_t FakeUart::say_damaged(std::int64_t start, std::uint8_t byte, std::uint32_t flags,
                                   LineFormat format) {
  if (!line_.empty() && line_.back().start >= start) throw std::logic_error("not in order of time");
  line_.push_back({start, byte, flags, format});
  return start + format.character_cycles();
}

// --- time ---------------------------------------------------------------------------------------

bool FakeUart::is_enabled() const { return (control_ & uart::control_enable) != 0; }

int FakeUart::bits() const {
  constexpr std::uint32_t parity = uart::control_parity_even | uart::control_parity_odd;
  const int data = (control_ & uart::control_seven_bits) != 0 ? 7 : 8;
  return data + ((control_ & parity) != 0 ? 3 : 2);
}

std::uint32_t FakeUart::status() const {
  const bool waits = threshold_ != 0 && fifo_.size() >= threshold_;
  return status_ | (waits ? uart::status_rx : 0U);
}

std::size_t FakeUart::not_begun(std::int64_t now) const {
  if (!sending_) return to_send_.size();
  const Transmission& transmission = sent_.back();
  if (now < transmission.start) return transmission.bytes.size();
  const auto begun =
      static_cast<std::size_t>((now - transmission.start) / bit_cycles(std::int64_t{16} * bits())) +
      1;
  return transmission.bytes.size() - std::min(begun, transmission.bytes.size());
}

/// So many sixteenths of a bit, rounded.
std::int64_t FakeUart::bit_cycles(std::int64_t sixteenths) const {
  return (sixteenths * divider_ + 128) / 256;
}

bool FakeUart::is_heard(const Spoken& spoken) const {
  if (!is_enabled()) return false;
  const bool mute = (control_ & uart::control_mute) != 0 && !sent_.empty() && !sent_.back().cut;
  if (!mute) return true;
  const std::int64_t end = spoken.start + bit_cycles(std::int64_t{16} * bits());
  return end <= sent_.back().driver_on || spoken.start >= sent_.back().end;
}

/// Three clocks after the last look at the stop bit.
std::int64_t FakeUart::received_at(const Spoken& spoken) const {
  return spoken.start + bit_cycles(std::int64_t{16} * (bits() - 1) + 9) + 3;
}

std::int64_t FakeUart::frame_end_at() const {
  if (!frame_open_ || idle_ == 0) return never;
  const std::int64_t last = newest_end_ + idle_;
  if (!line_.empty() && line_.front().start <= last && is_heard(line_.front())) return never;
  return last + 4;
}

std::int64_t FakeUart::next_event() const {
  std::int64_t next = frame_end_at();
  if (!line_.empty()) next = std::min(next, received_at(line_.front()));
  if (sending_) next = std::min(next, sent_.back().end);
  return next;
}

void FakeUart::fire(std::int64_t now) {
  while (next_event() <= now) {
    const std::int64_t at = next_event();
    if (at == frame_end_at()) {
      frame_open_ = false;
      status_ |= uart::status_frame_end;
    } else if (sending_ && at == sent_.back().end) {
      sending_ = false;
      quiet_since_ = at;
      status_ |= uart::status_tx_done;
    } else {
      const Spoken spoken = line_.front();
      line_.pop_front();
      if (is_heard(spoken)) receive(spoken);
    }
  }
}

void FakeUart::receive(const Spoken& spoken) {
  const bool seven = (control_ & uart::control_seven_bits) != 0;
  std::uint32_t word = (spoken.byte & (seven ? 0x7FU : 0xFFU)) | spoken.flags;
  // At another speed, or with other bits, what is read is rubbish without a stop bit.
  const std::int64_t ideal =
      (metrology::hal::core_hz * 16 + spoken.format.baud / 2) / spoken.format.baud;
  if (ideal != divider_ || spoken.format.bits != bits()) word |= uart::rx_framing_error;
  const std::int64_t silence = spoken.start - quiet_since_;
  if (silence > idle_) {
    word |= uart::rx_first;
  } else if (silence > gap_) {
    word |= uart::rx_after_gap;
  }
  newest_end_ = spoken.start + bit_cycles(std::int64_t{16} * bits());
  quiet_since_ = newest_end_;
  frame_open_ = true;
  if (fifo_.size() == uart::fifo_size) {
    overrun_ = true;
    status_ |= uart::status_overrun;
    return;
  }
  fifo_.push_back(overrun_ ? word | uart::rx_overrun : word);
  overrun_ = false;
}

// --- registers ----------------------------------------------------------------------------------

void FakeUart::reset() {
  if (sending_) sent_.back().cut = true;
  sending_ = false;
  control_ = irq_enable_ = status_ = 0;
  fifo_.clear();
  to_send_.clear();
  frame_open_ = false;
}

std::uint32_t FakeUart::read(std::uint32_t offset, std::int64_t now) {
  switch (offset) {
    case uart::rx_level:
      return static_cast<std::uint32_t>(fifo_.size());
    case uart::rx_data: {
      if (fifo_.empty()) return uart::rx_none;
      const std::uint32_t word = fifo_.front();
      fifo_.pop_front();
      ++taken_;
      return word;
    }
    case uart::rx_end:
      return static_cast<std::uint32_t>(newest_end_);
    case uart::status:
      return status();
    case uart::tx_level:
      return static_cast<std::uint32_t>(not_begun(now));
    default:
      throw std::logic_error("UART: read of a register that the firmware does not use");
  }
}

void FakeUart::write(std::uint32_t offset, std::uint32_t value, std::int64_t now) {
  switch (offset) {
    case uart::control:
    case uart::divider:
      if (sending_) throw std::logic_error("UART: changed while it sends");
      (offset == uart::control ? control_ : divider_) = value;
      quiet_since_ = now;
      frame_open_ = false;
      return;
    case uart::rx_gap:
    case uart::rx_idle:
      if (value > uart::limit_max) throw std::logic_error("UART: limit");
      (offset == uart::rx_gap ? gap_ : idle_) = value;
      return;
    case uart::rx_flush:
      fifo_.clear();
      return;
    case uart::rx_threshold:
      threshold_ = value;
      return;
    case uart::tx_data:
      if (value > 0xFF || not_begun(now) == uart::fifo_size) throw std::logic_error("UART: data");
      if (sending_) {
        sent_.back().bytes.push_back(static_cast<std::uint8_t>(value));
        sent_.back().end += bit_cycles(std::int64_t{16} * bits());
      } else {
        to_send_.push_back(static_cast<std::uint8_t>(value));
      }
      return;
    case uart::tx_start:
      start_ = value;
      return;
    case uart::tx_driver:
      driver_ = value;
      return;
    case uart::command:
      command(value, now);
      return;
    case uart::status:
      status_ &= ~value;
      return;
    case uart::irq_enable:
      irq_enable_ = value;
      return;
    default:
      throw std::logic_error("UART: write of a register that the firmware does not use");
  }
}

void FakeUart::command(std::uint32_t value, std::int64_t now) {
  if (value == uart::command_abort) {
    if (sending_) {
      sent_.back().cut = true;
      sent_.back().end = now + 1;
    }
    sending_ = false;
    to_send_.clear();
    return;
  }
  if (value != uart::command_start_at || sending_ || to_send_.empty() || !is_enabled()) {
    throw std::logic_error("UART: command");
  }
  const std::int64_t lead = driver_ & 0xFFFFU;
  const auto distance = static_cast<std::int32_t>(start_ - static_cast<std::uint32_t>(now));
  const bool late = distance < lead + 2;
  const std::int64_t start = now + (late ? lead + 2 : distance);
  if (late) status_ |= uart::status_tx_late;
  std::int64_t end = start;
  for (std::size_t n = 0; n < to_send_.size(); ++n) end += bit_cycles(std::int64_t{16} * bits());
  sent_.push_back({now, start - lead, start, end, to_send_, divider_, control_, late, false});
  to_send_.clear();
  sending_ = true;
}

}  // namespace tests
