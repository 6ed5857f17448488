#include "metrology/protocol/mbus/application.h"

#include "metrology/registers/encode.h"
#include "metrology/registers/status.h"
#include "metrology/registers/table.h"

namespace metrology::mbus {

namespace {

using registers::Port;
using registers::Row;
using registers::WriteResult;

constexpr std::uint8_t c_rsp_ud = 0x08;

enum class Ci : std::uint8_t {
  application_reset = 0x50,
  data_send = 0x51,
  synchronise = 0x54,
  error = 0x70,
  alarm = 0x71,
  variable_data = 0x72,
  read_measured = 0xB1,
  read_phases = 0xB4,
  first_baud = 0xB8,
  last_baud = 0xBF,
};

/// CI B8 on; 0: not spoken.
constexpr std::uint16_t bauds[] = {300, 600, 1200, 2400, 4800, 9600, 0, 0};

constexpr std::uint8_t subcode_everything = 0x00;
constexpr std::uint8_t more_records_follow = 0x1F;
constexpr int max_given_records = 16;
constexpr std::uint8_t dif_int64 = 0x07;
constexpr std::uint8_t vif_identification = 0x79;
constexpr std::uint16_t row_identification = 0x1000;

constexpr std::uint8_t status_permanent_error = 1U << 3U;
constexpr std::uint8_t status_temporary_error = 1U << 4U;

std::uint8_t alarms(const Bank& bank) {
  return static_cast<std::uint8_t>(
      registers::error_code(bank.data.status, bank.data.page.connection));
}

std::uint8_t status_byte(const Bank& bank) {
  constexpr std::uint8_t faults = 3;
  const std::uint8_t code = alarms(bank);
  unsigned status = 0;
  if ((code & faults) != 0) status |= status_permanent_error;
  if ((code & ~faults) != 0) status |= status_temporary_error;
  return static_cast<std::uint8_t>(status);
}

// --- answers ------------------------------------------------------------------------------------

void begin_answer(Answer& answer, const Bank& bank, Ci ci) {
  begin(answer, c_rsp_ud, bank.identity.id, static_cast<std::uint8_t>(ci));
}

void add_low_first(Answer& answer, std::uint32_t value, int count) {
  for (int n = 0; n < count; ++n, value >>= 8U) {
    add(answer, static_cast<std::uint8_t>(value & 0xFFU));
  }
}

void put_byte_answer(Answer& answer, const Bank& bank, Ci ci, std::uint8_t byte) {
  begin_answer(answer, bank, ci);
  add(answer, byte);
  seal(answer);
}

/// A telegram of `set` from its record `first` on. Returns the record that the next one begins
/// with, 0 after the last.
std::uint8_t put_telegram(Answer& answer, Application& application, const Bank& bank, Set set,
                          int first) {
  begin_answer(answer, bank, Ci::variable_data);
  add_low_first(answer, bank.identity.identification, 4);
  add_low_first(answer, manufacturer, 2);
  add(answer, version);
  add(answer, medium_electricity);
  add(answer, application.access_number++);
  add(answer, status_byte(bank));
  add_low_first(answer, 0, 2);  // signature: not encrypted
  const int count = count_of(set);
  int n = first;
  for (; n < count; ++n) {
    std::uint8_t record[max_record_bytes];
    const int size = put_record(bank.data, record_of(set, n), record);
    const int kept_free = n + 1 < count ? 1 : 0;  // for DIF 1F
    if (size + kept_free > room(answer)) break;
    for (int byte = 0; byte < size; ++byte) add(answer, record[byte]);
  }
  if (n < count) add(answer, more_records_follow);
  seal(answer);
  return static_cast<std::uint8_t>(n < count ? n : 0);
}

void put_user_data(Answer& answer, Application& application, const Bank& bank) {
  if (application.error != Error::none) {
    put_byte_answer(answer, bank, Ci::error, static_cast<std::uint8_t>(application.error));
    application.error = Error::none;
    return;
  }
  application.next = put_telegram(answer, application, bank, application.set, application.next);
}

void put_alarms(Answer& answer, const Bank& bank) {
  const std::uint8_t code = alarms(bank);
  if (code == 0) {
    put_acknowledgement(answer);
  } else {
    put_byte_answer(answer, bank, Ci::alarm, code);
  }
}

// --- writing ------------------------------------------------------------------------------------

struct RowWrite {
  const Row* row;
  std::uint8_t bytes[4];
};
constexpr int max_written_bytes = 4;

struct RowWrites {
  int count = 0;
  RowWrite write[max_given_records] = {};
};

/// The whole secondary address: identification, then what must be the meter's own.
bool is_whole_address(const GivenRecord& record) {
  return record.head_bytes == 2 && record.head[0] == dif_int64 &&
         record.head[1] == vif_identification;
}

bool names_this_make(const std::uint8_t* address) {
  const unsigned maker = address[4] | unsigned{address[5]} << 8U;
  return (maker == manufacturer || maker == 0xFFFF) &&
         (address[6] == version || address[6] == 0xFF) &&
         (address[7] == medium_electricity || address[7] == 0xFF);
}

/// The row and bytes that a record wants written; false: none that the bus may write.
bool row_write_of(const GivenRecord& record, RowWrite& write) {
  if (is_whole_address(record)) {
    if (!names_this_make(record.data)) return false;
    write.row = registers::find(row_identification);
    for (int n = 0; n < 4; ++n) write.bytes[n] = record.data[3 - n];
    return true;
  }
  std::uint8_t bytes[registers::max_row_bytes] = {};
  write.row = row_of(record, bytes);
  if (write.row == nullptr || write.row->bytes > max_written_bytes) return false;
  for (int n = 0; n < write.row->bytes; ++n) write.bytes[n] = bytes[n];
  return registers::access(*write.row, Port::mbus) == registers::Access::read_write;
}

Error read_records(const Frame& frame, RowWrites& writes) {
  int next = 0;
  for (;;) {
    GivenRecord record{};
    const Error error = next_record(frame.data, frame.data_bytes, next, record);
    if (error != Error::none) return error;
    if (record.head_bytes == 0) return Error::none;
    if (writes.count == max_given_records) return Error::too_many_records;
    if (!row_write_of(record, writes.write[writes.count])) return Error::unspecified;
    ++writes.count;
  }
}

Error error_of(WriteResult result) {
  if (result == WriteResult::ok || result == WriteResult::unchanged) return Error::none;
  return result == WriteResult::not_stored ? Error::busy : Error::unspecified;
}

/// Tries all writes on copies: one that is refused keeps the others from being done.
Error try_writes(const RowWrites& writes, const Bank& bank) {
  registers::Settings settings = bank.data.settings;
  energy::TariffState tariff = bank.data.tariff;
  energy::Accounts accounts = bank.data.energy.accounts;
  registers::Status status = bank.data.status;
  for (int n = 0; n < writes.count; ++n) {
    const RowWrite& write = writes.write[n];
    const WriteResult result = registers::write(
        {bank.data.page, settings, tariff, accounts, status}, *write.row, Port::mbus, write.bytes);
    if (error_of(result) != Error::none) return error_of(result);
    const bool kept = settings != bank.data.settings || tariff.saved != bank.data.tariff.saved;
    // The refusal makes the EEPROM be asked again.
    if (kept && !bank.memory_answers) {
      return error_of(bank.write(bank.context, *write.row, write.bytes));
    }
  }
  return Error::none;
}

Error write_records(const Frame& frame, const Bank& bank) {
  RowWrites writes;
  Error error = read_records(frame, writes);
  if (error == Error::none) error = try_writes(writes, bank);
  for (int n = 0; n < writes.count && error == Error::none; ++n) {
    error = error_of(bank.write(bank.context, *writes.write[n].row, writes.write[n].bytes));
  }
  return error;
}

// --- services -----------------------------------------------------------------------------------

void reset_application(Application& application, const Frame& frame) {
  const bool everything = frame.data_bytes > 0 && frame.data[0] == subcode_everything;
  application.set = everything ? Set::everything : Set::standard;
  application.next = 0;
}

void answer_set(Answer& answer, Application& application, const Frame& frame, const Bank& bank,
                bool answered, Set set) {
  if (frame.data_bytes != 0) {
    application.error = Error::unspecified;
  } else if (answered) {
    put_telegram(answer, application, bank, set, 0);
  }
}

/// Takes user data; the answer is E5 unless something else was put.
Reaction take_user_data(Application& application, const Frame& frame, const Bank& bank,
                        const Indication& indication, Answer& answer) {
  Reaction reaction{indication.answered, 0};
  application.error = Error::none;
  put_acknowledgement(answer);
  const auto ci = static_cast<Ci>(frame.ci);
  switch (ci) {
    case Ci::application_reset:
      reset_application(application, frame);
      return reaction;
    case Ci::data_send:
      application.error = write_records(frame, bank);
      return reaction;
    case Ci::synchronise:
      return reaction;
    case Ci::read_measured:
      answer_set(answer, application, frame, bank, indication.answered, Set::measured);
      return reaction;
    case Ci::read_phases:
      answer_set(answer, application, frame, bank, indication.answered, Set::phases);
      return reaction;
    default:
      break;
  }
  if (ci < Ci::first_baud || ci > Ci::last_baud) {
    application.error = Error::unknown_ci;
  } else if (indication.individually) {
    reaction.baud = bauds[frame.ci - static_cast<std::uint8_t>(Ci::first_baud)];
  }
  return reaction;
}

Reaction carry_out(Application& application, const Frame& frame, const Bank& bank,
                   const Indication& indication, Answer& answer) {
  switch (indication.service) {
    case Service::send_user_data:
      return take_user_data(application, frame, bank, indication, answer);
    case Service::request_user_data:
      if (indication.answered) put_user_data(answer, application, bank);
      break;
    case Service::request_alarm:
      if (indication.answered) put_alarms(answer, bank);
      break;
    case Service::reset:
      break;
  }
  return {indication.answered, 0};
}

}  // namespace

Reaction serve(Slave& slave, Application& application, const Frame& frame, const Bank& bank,
               Answer& answer) {
  const Indication indication = judge(slave, frame, bank.identity);
  Reaction reaction{indication.answered, 0};
  switch (indication.kind) {
    case Indication::Kind::nothing:
      return {false, 0};
    case Indication::Kind::restart:
      application.next = 0;
      application.error = Error::none;
      put_acknowledgement(answer);
      return reaction;
    case Indication::Kind::repeat:
      answer = memory_of(slave, frame)->answer;
      return reaction;
    case Indication::Kind::carry_out:
      break;
  }
  reaction = carry_out(application, frame, bank, indication, answer);
  if (reaction.answered) remember(slave, frame, answer);
  return reaction;
}

}  // namespace metrology::mbus
