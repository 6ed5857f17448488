#include "metrology/app/debug_mailbox.h"

#include <cstring>

#include "metrology/app/boot.h"
#include "metrology/app/charges.h"
#include "metrology/app/meter_data.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/request_time.h"
#include "metrology/app/row_writes.h"
#include "metrology/app/time_axis.h"
#include "metrology/hal/memory_map.h"
#include "metrology/registers/access.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

namespace metrology::app {

namespace {

using hal::MailboxOperation;
using hal::MailboxReply;

constexpr int bytes_per_word = 4;
static_assert(hal::mailbox::words * bytes_per_word >= registers::max_row_bytes);

struct Response {
  MailboxReply reply = MailboxReply::ok;
  std::uint32_t words[hal::mailbox::words] = {};
};

void put_long(std::uint32_t* words, std::uint64_t value) {
  words[0] = static_cast<std::uint32_t>(value >> 32U);
  words[1] = static_cast<std::uint32_t>(value);
}

/// A row's bytes in words: the first byte is the first word's highest; a last word that is not
/// full is filled up with zeros.
void pack(const std::uint8_t* bytes, std::uint32_t* words) {
  for (int n = 0; n < hal::mailbox::words; ++n, bytes += bytes_per_word) {
    words[n] = registers::get_big_endian(bytes, bytes_per_word);
  }
}

void answer_read(const State& state, std::int64_t now_cycle, const registers::Row& row,
                 Response& response) {
  std::uint8_t bytes[hal::mailbox::words * bytes_per_word] = {};
  registers::read(data_of(state, now_cycle), row, bytes);
  pack(bytes, response.words);
}

void answer_raw(const State& state, std::int64_t now_cycle, const registers::Row& row,
                Response& response) {
  const registers::Raw raw = registers::read_raw(data_of(state, now_cycle), row);
  response.words[0] = static_cast<std::uint32_t>(raw.kind);
  if (raw.kind == registers::Raw::Kind::none) {
    response.reply = MailboxReply::no_raw;
  } else if (raw.kind == registers::Raw::Kind::value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &raw.value, sizeof(bits));
    put_long(&response.words[1], bits);
  } else {
    put_long(&response.words[1], static_cast<std::uint64_t>(raw.energy.counter_uWh));
    response.words[3] = raw.energy.residue_pWh;
    std::int64_t until = world_ticks(state.energy.booked_until, state.adc_start_cycle);
    if (raw.reactive) {
      until -= std::int64_t{signal::reactive_extra_delay_samples} * hal::core_cycles_per_sample *
               ticks_per_core_cycle;
    }
    // Arithmetic shift and mask: also right before core clock 0.
    put_long(&response.words[4], static_cast<std::uint64_t>(until >> 5));
    response.words[6] = (static_cast<std::uint32_t>(until) & 31U) << 27U;
    static_assert(ticks_per_core_cycle == 32);
  }
}

/// Both operations see one instant: nothing starts to be counted between the counter and the row.
void answer_reading(State& state, hal::Bus& bus, MailboxOperation operation,
                    const registers::Row& row, Response& response) {
  bus.charge(charges::find_row);
  bus.disable_interrupts();
  const std::int64_t now_cycle = count_pulses(state, bus);
  if (operation == MailboxOperation::read_row) {
    answer_read(state, now_cycle, row, response);
  } else {
    answer_raw(state, now_cycle, row, response);
  }
  bus.charge(charges::mailbox_request);
  bus.enable_interrupts();
}

void answer_write(State& state, hal::Bus& bus, const registers::Row& row, Response& response) {
  std::uint8_t bytes[hal::mailbox::words * bytes_per_word];
  std::uint8_t* next = bytes;
  for (std::uint32_t n = 0; n < hal::mailbox::words; ++n, next += bytes_per_word) {
    registers::put_big_endian(next, bytes_per_word,
                              bus.read(hal::mailbox::base + hal::mailbox::request_0 + 4 * n));
  }
  const std::int64_t shown_cycle = time_of(bus, bus.read(hal::mailbox::base + hal::mailbox::shown));
  switch (write_row(state, bus, row, registers::Port::debug, bytes, shown_cycle)) {
    case registers::WriteResult::ok:
    case registers::WriteResult::unchanged:
      break;
    case registers::WriteResult::read_only:
    case registers::WriteResult::locked:
    case registers::WriteResult::not_stored:  // not of this port
      response.reply = MailboxReply::read_only;
      break;
    case registers::WriteResult::bad_value:
      response.reply = MailboxReply::bad_value;
      break;
  }
}

}  // namespace

void answer_request(State& state, hal::Bus& bus) {
  const auto operation =
      static_cast<MailboxOperation>(bus.read(hal::mailbox::base + hal::mailbox::operation));
  const registers::Row* row = registers::find(bus.read(hal::mailbox::base + hal::mailbox::row));

  Response response;
  const bool reads =
      operation == MailboxOperation::read_row || operation == MailboxOperation::read_raw;
  const bool hidden =
      row != nullptr && !registers::may_read(registers::access(*row, registers::Port::debug));
  if (row == nullptr || (reads && hidden)) {
    response.reply = MailboxReply::no_such_row;
  } else if (reads) {
    answer_reading(state, bus, operation, *row, response);
  } else if (operation == MailboxOperation::write_row) {
    answer_write(state, bus, *row, response);
    bus.charge(charges::mailbox_request);
  } else {
    response.reply = MailboxReply::bad_value;
  }

  for (std::uint32_t n = 0; n < hal::mailbox::words; ++n) {
    bus.write(hal::mailbox::base + hal::mailbox::response_0 + 4 * n, response.words[n]);
  }
  state.pending.request = false;
  bus.write(hal::mailbox::base + hal::mailbox::reply, static_cast<std::uint32_t>(response.reply));
  const std::uint32_t enabled = bus.read(hal::intc::base + hal::intc::enable);
  bus.write(hal::intc::base + hal::intc::enable, enabled | irq_bit(hal::Irq::debug_mailbox));
}

}  // namespace metrology::app
