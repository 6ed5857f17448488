// What the standard and pro380 say must come of a frame, and whether it did.
#include <algorithm>
#include <cmath>

#include "tests/soak/mbus_talk.h"

namespace soak {

namespace {

const std::vector<std::uint16_t> standard_set = {0x3000, 0x3100, 0x3200, 0x3020, 0x3120,
                                                 0x3220, 0x3040, 0x3140, 0x3240};
const std::vector<std::uint16_t> measured_set = {0x2008, 0x200C, 0x2010, 0x2068, 0x206C,
                                                 0x2070, 0x2080, 0x2088, 0x208C, 0x2090};
const std::vector<std::uint16_t> phases_set = {0x3008, 0x300C, 0x3010, 0x3028, 0x302C,
                                               0x3030, 0x3048, 0x304C, 0x3050};

std::vector<std::uint16_t> everything() {
  std::vector<std::uint16_t> rows;
  for (const Row& row : matrix()) rows.push_back(row.address);
  return rows;
}

}  // namespace

// --- what must come of it
// --------------------------------------------------------------------------------------

void MbusTalk::after_power() {
  if (starts_ == s_.weather.starts()) return;
  starts_ = s_.weather.starts();
  own_ = {};
  selected_memory_ = {};
  selected_ = false;
  all_ = false;
  next_ = 0;
  access_ = 0;
  error_ = -1;
}

bool MbusTalk::is_for_meter(std::uint8_t a) const {
  return a == s_.judge.settings.id || a == masters::mbus_everybody ||
         a == masters::mbus_broadcast || (a == masters::mbus_selected && selected_);
}

MbusMemory* MbusTalk::memory_of(std::uint8_t a) {
  if (a == masters::mbus_broadcast) return nullptr;
  return a == masters::mbus_selected ? &selected_memory_ : &own_;
}

MbusExpected MbusTalk::select(const masters::MbusFrame& frame) {
  const std::uint32_t wanted = frame.data[0] | std::uint32_t{frame.data[1]} << 8U |
                               std::uint32_t{frame.data[2]} << 16U |
                               std::uint32_t{frame.data[3]} << 24U;
  selected_ = true;
  for (unsigned place = 0; place < 32; place += 4) {
    const std::uint32_t digit = (wanted >> place) & 0xFU;
    const std::uint32_t own = (s_.judge.settings.serial >> place) & 0xFU;
    if (digit != 0xF && digit != own) selected_ = false;
  }
  const auto fits = [](unsigned wanted_byte, unsigned any, unsigned own) {
    return wanted_byte == any || wanted_byte == own;
  };
  const unsigned maker = frame.data[4] | unsigned{frame.data[5]} << 8U;
  if (!fits(maker, 0xFFFF, 0x25CD) || !fits(frame.data[6], 0xFF, 1) ||
      !fits(frame.data[7], 0xFF, 2)) {
    selected_ = false;
  }
  if (!selected_) return {};
  selected_memory_ = {};
  next_ = 0;
  error_ = -1;
  return {MbusExpected::Kind::acknowledge, {}, 0, 0};
}

/// −1, or the number of the error that is to be told.
int MbusTalk::write(const Bytes& data) {
  std::vector<MbusGiven> all;
  std::size_t at = 0;
  while (at < data.size()) {
    // What this talker writes: a DIF, a VIF or two, and the data.
    const std::size_t head = data[at + 1 < data.size() ? at + 1 : at] >= 0x80 ? 3 : 2;
    constexpr std::size_t lengths[] = {0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4};
    const std::size_t bytes = lengths[data[at] & 0xFU];
    if (at + head + bytes > data.size()) return 4;
    const MbusRecords read = read_records(data.data() + at, head + bytes);
    at += head + bytes;
    if (!read.wrong.empty()) return 0;
    const MbusRecord& record = read.records.front();
    if (!record.row->writable && record.row->address != 0x1000) return 0;
    all.push_back({{}, record.row, record.value});
  }
  std::uint16_t code = s_.judge.settings.combined_code;
  for (const MbusGiven& one : all) {
    if (one.row->address == 0x1000) continue;
    if (!may_write(*one.row, one.value, code, true)) return 0;
    if (one.row->address == 0x107A) code = static_cast<std::uint16_t>(one.value);
  }
  written_ = all;
  return -1;
}

MbusExpected MbusTalk::take_data(const masters::MbusFrame& frame) {
  error_ = -1;
  MbusExpected expected{MbusExpected::Kind::acknowledge, {}, 0, 0};
  const bool set = frame.ci == ci_measured || frame.ci == ci_phases;
  if (frame.ci == ci_reset) {
    all_ = !frame.data.empty() && frame.data[0] == 0;
    next_ = 0;
  } else if (frame.ci == ci_data) {
    error_ = write(frame.data);
  } else if (set && !frame.data.empty()) {
    error_ = 0;
  } else if (set) {
    expected = {MbusExpected::Kind::telegram, frame.ci == ci_measured ? measured_set : phases_set,
                0, 0};
  } else if (frame.ci >= ci_baud && frame.ci <= ci_baud + 7) {
    constexpr std::uint16_t bauds[] = {300, 600, 1200, 2400, 4800, 9600, 0, 0};
    if (frame.a != masters::mbus_everybody && frame.a != masters::mbus_broadcast) {
      new_baud_ = bauds[frame.ci - ci_baud];
    }
  } else if (frame.ci != ci_synchronise) {
    error_ = 1;
  }
  return expected;
}

MbusExpected MbusTalk::carry_out(const masters::MbusFrame& frame) {
  const std::uint8_t service = frame.c & 0xFU;
  const bool selects = service == send_data && frame.a == masters::mbus_selected &&
                       frame.kind == masters::MbusFrame::Kind::long_frame && frame.ci == ci_select;
  if (selects) return select(frame);
  if (service == nke && frame.a == masters::mbus_selected) {
    const bool was = selected_;
    own_ = {};
    selected_memory_ = {};
    selected_ = false;
    next_ = 0;
    error_ = -1;
    if (was) return {MbusExpected::Kind::acknowledge, {}, 0, 0};
    return {};
  }
  if (!is_for_meter(frame.a)) return {};
  const bool answered = frame.a != masters::mbus_broadcast;
  MbusMemory* memory = memory_of(frame.a);
  const bool fcb = (frame.c & c_fcb) != 0;
  const bool counted = (frame.c & c_fcv) != 0;
  MbusExpected expected{MbusExpected::Kind::acknowledge, {}, 0, 0};
  if (service == nke) {
    own_ = {};
    next_ = 0;
    error_ = -1;
  } else if (memory != nullptr && counted && memory->known && memory->fcb == fcb &&
             memory->service == service) {
    return {MbusExpected::Kind::repetition, {}, 0, 0};
  } else if (service == send_data) {
    expected = take_data(frame);
  } else if (!answered) {
    return {};
  } else if (service == request_alarm) {
    expected.kind = MbusExpected::Kind::alarm;
  } else if (error_ >= 0) {
    expected = {MbusExpected::Kind::error, {}, 0, error_};
    error_ = -1;
  } else {
    expected = {MbusExpected::Kind::telegram, all_ ? everything() : standard_set, next_, 0};
  }
  if (!answered) return {};
  if (service != nke && counted) *memory = {true, fcb, service, {}};
  return expected;
}

void MbusTalk::judge_telegram(const MbusExpected& expected, const masters::MbusFrame& answer) {
  const auto complain = [this](const std::string& what) {
    throw Broken("answer: " + what + ", seen " + hex(line_.heard_bytes()));
  };
  const auto header = masters::mbus_header_of(answer);
  if (!header) complain("expected a telegram of CI 72 with its header");
  if (header->address.id != s_.judge.settings.serial || header->address.manufacturer != 0x25CD ||
      header->address.version != 1 || header->address.medium != 2 || header->signature != 0) {
    complain("expected the meter's own secondary address");
  }
  if (header->access != (access_ & 0xFFU)) {
    complain("expected access number " + std::to_string(access_ & 0xFFU));
  }
  ++access_;
  const bool unsettled = s_.world.now() < s_.world.changed_at() + recognised;
  if (header->status != 0 && !(unsettled && header->status == 0x10)) {
    complain("expected no fault in the status byte");
  }
  const MbusRecords read = read_records(answer.data.data() + masters::mbus_header_bytes,
                                        answer.data.size() - masters::mbus_header_bytes);
  if (!read.wrong.empty()) complain("records: " + read.wrong);
  std::size_t at = expected.first;
  for (const MbusRecord& record : read.records) {
    if (at >= expected.rows.size() || record.row->address != expected.rows[at]) {
      complain("expected record " + std::to_string(at) + " of the set");
    }
    ++at;
    std::string wrong;
    if (record.row->type == RowType::text) {
      if (record.text != "PRO380-Mb") wrong = "expected the name PRO380-Mb";
    } else if (record.row->address == 0x1000) {
      // Its digits as a number; compared where it came from, the header.
      continue;
    } else {
      wrong = s_.judge.wrong(*record.row, record.value, record.step);
    }
    if (!wrong.empty()) complain("record " + std::to_string(at - 1) + ": " + wrong);
  }
  const bool whole = at == expected.rows.size();
  if (read.more_follow == whole || read.records.empty())
    complain("expected DIF 1F only before more");
  if (answer.data.size() + 9 > 249) complain("expected at most 240 bytes");
  // What is asked for by CI has no place in the sequence of telegrams.
  const bool sequence = expected.rows == standard_set || expected.rows.size() > 20;
  if (sequence) next_ = whole ? 0 : at;
}

void MbusTalk::judge(const MbusExpected& expected) {
  const Bytes bytes = line_.heard_bytes();
  const auto complain = [&bytes](const std::string& what) {
    throw Broken("answer: " + what + ", seen " + hex(bytes));
  };
  if (!line_.heard_well(line_.bits(2))) complain("expected good characters without a gap");
  const auto answer = masters::parse_mbus_frame(bytes);
  if (!answer) complain("expected a frame");
  const bool acknowledge = answer->kind == masters::MbusFrame::Kind::acknowledge;
  if (!acknowledge && answer->a != s_.judge.settings.id) complain("expected the meter's address");
  switch (expected.kind) {
    case MbusExpected::Kind::silence:
      break;
    case MbusExpected::Kind::acknowledge:
      if (!acknowledge) complain("expected E5");
      break;
    case MbusExpected::Kind::alarm:
      if (!acknowledge && !(answer->ci == 0x71 && answer->data.size() == 1 &&
                            s_.world.now() < s_.world.changed_at() + recognised)) {
        complain("expected E5, as there is no alarm");
      }
      break;
    case MbusExpected::Kind::error:
      if (acknowledge || answer->ci != 0x70 || answer->data.size() != 1 ||
          answer->data[0] != expected.error) {
        complain("expected CI 70 with error " + std::to_string(expected.error));
      }
      break;
    case MbusExpected::Kind::telegram:
      if (!answer->is_response()) complain("expected RSP_UD");
      judge_telegram(expected, *answer);
      break;
    case MbusExpected::Kind::repetition:
      break;  // compared by whoever has the memory
  }
}

void MbusTalk::take_rate(std::uint16_t baud) {
  if (baud == line_.format().baud) return;
  SerialFormat format = line_.format();
  format.baud = baud;
  line_.set_format(format);
  own_ = {};
  selected_memory_ = {};
}

}  // namespace soak
