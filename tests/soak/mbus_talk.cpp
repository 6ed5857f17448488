// M-Bus against the meter's terminals (pro380 §5, standards §4): the link layer's and the
// application's states are kept here as the standard has them, to know each answer beforehand.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "models/masters/mbus_frames.h"
#include "tests/soak/mbus_values.h"
#include "tests/soak/talk.h"

namespace soak {

namespace {

namespace masters = models::masters;

constexpr Ps reply_delay = 10 * ps_per_ms;
/// 22 bit times and what the firmware may need, where that is more: 280 000 core clocks.
constexpr Ps processing = 11'127 * ps_per_ms / 1000;
constexpr Ps margin = ps_per_ms / 2;
/// After a change of the mains a phase may count as missing for so long.
constexpr Ps recognised = 2'500 * ps_per_ms;

constexpr std::uint8_t nke = 0x0, send_data = 0x3, request_alarm = 0xA, request_data = 0xB;
constexpr std::uint8_t c_fcb = 0x20, c_fcv = 0x10;
constexpr std::uint8_t ci_reset = 0x50, ci_data = 0x51, ci_select = 0x52, ci_synchronise = 0x54,
                       ci_measured = 0xB1, ci_phases = 0xB4, ci_baud = 0xB8;

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

/// A value that is to be written, with what becomes of it.
struct Given {
  Bytes record;
  const Row* row = nullptr;  ///< null: what the meter does not take
  double value = 0;
};

/// What must come of a frame.
struct Expected {
  enum class Kind { silence, acknowledge, telegram, error, alarm, repetition };
  Kind kind = Kind::silence;
  std::vector<std::uint16_t> rows;  ///< of a telegram: from `first` on
  std::size_t first = 0;
  int error = 0;
};

struct Memory {
  bool known = false;
  bool fcb = false;
  std::uint8_t service = 0;
  Bytes answer;
};

}  // namespace

class MbusTalk : public Talk {
 public:
  explicit MbusTalk(Scene scene) : s_(scene), line_(scene.world.bus()) {}

  std::string frame() override;
  std::string probe() override;

 private:
  std::uint64_t below(std::uint64_t n) { return s_.random.below(n); }

  // --- what may be asked
  std::uint8_t whom();
  std::uint8_t control(std::uint8_t service);
  Bytes good_request();
  Bytes selection();
  Bytes user_data();
  Given given();
  Bytes alarm_request() const;
  std::string spoiled();
  std::string too_early();
  std::string gaps();
  std::string wrong_rate();
  std::string impulses();
  std::string cut();

  // --- what must come of it
  bool is_for_meter(std::uint8_t a) const;
  Memory* memory_of(std::uint8_t a);
  Expected carry_out(const masters::MbusFrame& frame);
  Expected take_data(const masters::MbusFrame& frame);
  Expected select(const masters::MbusFrame& frame);
  int write(const Bytes& data);
  void after_power();
  void say_and_judge(const Bytes& bytes);
  void judge(const Expected& expected);
  void judge_telegram(const Expected& expected, const masters::MbusFrame& answer);
  void take_rate(std::uint16_t baud);
  void say(std::vector<OutgoingCharacter> characters);
  Ps least() const { return std::max(line_.bits(33) + reply_delay, line_.bits(22) + processing); }
  void expect_silence() { run_unanswered(s_.world, line_, least() + 10 * ps_per_ms); }

  Scene s_;
  Line& line_;
  int starts_ = 1;
  Memory own_, selected_memory_;
  bool selected_ = false;
  bool all_ = false;            ///< the set that REQ_UD2 reads is everything
  std::size_t next_ = 0;        ///< record of it
  unsigned access_ = 0;         ///< of the next telegram
  int error_ = -1;              ///< to be told
  std::vector<Given> written_;  ///< by the user data that are being said
  std::uint16_t new_baud_ = 0;  ///< by the same, after the answer
};

std::unique_ptr<Talk> make_mbus_talk(Scene scene) { return std::make_unique<MbusTalk>(scene); }

// --- what may be asked
// ------------------------------------------------------------------------------------------

std::uint8_t MbusTalk::whom() {
  const std::uint64_t dice = below(20);
  if (dice < 12) return static_cast<std::uint8_t>(s_.judge.settings.id);
  if (dice < 15) return masters::mbus_selected;
  if (dice < 17) return masters::mbus_everybody;
  if (dice < 18) return masters::mbus_broadcast;
  return static_cast<std::uint8_t>(below(256));
}

std::uint8_t MbusTalk::control(std::uint8_t service) {
  const std::uint64_t flags = service == nke ? 0 : (below(8) == 0 ? 0 : c_fcv | below(2) * c_fcb);
  return static_cast<std::uint8_t>(0x40 | flags | service);
}

Bytes MbusTalk::selection() {
  masters::MbusSecondary whom;
  whom.id = s_.judge.settings.serial;
  for (unsigned place = 0; place < 32; place += 4) {
    if (below(3) == 0) whom.id |= 0xFU << place;
    if (below(20) == 0)
      whom.id = (whom.id & ~(0xFU << place)) | static_cast<unsigned>(below(10)) << place;
  }
  if (below(2) == 0) whom.manufacturer = below(6) == 0 ? 0x1234 : 0x25CD;
  if (below(2) == 0) whom.version = below(6) == 0 ? 7 : 1;
  if (below(2) == 0) whom.medium = below(6) == 0 ? 3 : 2;
  return masters::mbus_select_frame(whom);
}

Given MbusTalk::given() {
  const auto low = [](std::uint32_t value, int bytes, Bytes& out) {
    for (; bytes > 0; --bytes, value >>= 8U) out.push_back(static_cast<std::uint8_t>(value));
  };
  Given given;
  std::uint32_t value = 0;
  const bool wild = below(8) == 0;
  switch (below(8)) {
    case 0:
      value =
          wild ? static_cast<std::uint32_t>(below(256)) : static_cast<std::uint32_t>(below(251));
      given = {{0x01, 0x7A}, row_at(0x1018), static_cast<double>(value)};
      low(value, 1, given.record);
      break;
    case 1: {
      // Eight digits.
      std::uint32_t digits = 0;
      for (unsigned place = 0; place < 32; place += 4) {
        digits |= static_cast<std::uint32_t>(below(10)) << place;
      }
      given = {{0x0C, 0x79}, row_at(0x1000), static_cast<double>(digits)};
      low(digits, 4, given.record);
      break;
    }
    case 2:
      value = wild ? static_cast<std::uint32_t>(below(0x8000))
                   : combined_codes[below(40) == 0 ? 5 : below(5)];
      given = {{0x02, 0xFF, 0x02}, row_at(0x107A), static_cast<double>(value)};
      low(value, 2, given.record);
      break;
    case 3: {
      const auto s = static_cast<std::uint32_t>(wild ? below(100) : 1 + below(30));
      given = {{0x0A, 0xFF, 0x03}, row_at(0x1510), static_cast<double>(s)};
      low(s / 10 * 16 + s % 10, 2, given.record);
      break;
    }
    case 4: {
      constexpr std::uint32_t tariffs[] = {1, 2, 11, 12};
      value = wild ? static_cast<std::uint32_t>(below(100)) : tariffs[below(4)];
      given = {{0x02, 0xFF, 0x04}, row_at(0x2200), static_cast<double>(value)};
      low(value, 2, given.record);
      break;
    }
    case 5: {
      const auto rate = static_cast<float>(wild ? 3.5 : s0_rates[below(std::size(s0_rates))]);
      std::memcpy(&value, &rate, sizeof value);
      given = {{0x05, 0xFF, 0x01}, row_at(0x1066), static_cast<double>(rate)};
      low(value, 4, given.record);
      break;
    }
    case 6:
      // Mostly the fast ones, for the sake of time.
      value = wild ? static_cast<std::uint32_t>(below(0x8000))
                   : bus_bauds[below(6) == 0 ? below(6) : below(3)];
      given = {{0x02, 0xFD, 0x1C}, row_at(0x1020), static_cast<double>(value)};
      low(value, 2, given.record);
      break;
    default:
      // Read only.
      given = {{0x02, 0xFF, 0x07, 0x10, 0x00}, nullptr, 0};
      break;
  }
  return given;
}

Bytes MbusTalk::user_data() {
  Bytes data;
  std::uint8_t ci = ci_data;
  switch (below(10)) {
    case 0:
      ci = ci_reset;
      if (below(3) != 0) data.push_back(below(2) == 0 ? 0 : static_cast<std::uint8_t>(below(256)));
      break;
    case 1:
      ci = ci_synchronise;
      break;
    case 2:
    case 3:
      ci = below(2) == 0 ? ci_measured : ci_phases;
      if (below(8) == 0) data.push_back(0x0F);
      break;
    case 4:
      // 300 … 9600 Bd, mostly the fast ones; two that are not spoken.
      ci = static_cast<std::uint8_t>(ci_baud + (below(6) == 0 ? below(8) : 3 + below(3)));
      break;
    case 5:
      ci = static_cast<std::uint8_t>(0x60 + below(0x10));
      break;
    default:
      for (std::uint64_t n = 1 + below(2); n > 0; --n) {
        const Given one = given();
        data.insert(data.end(), one.record.begin(), one.record.end());
      }
      if (below(12) == 0) data.pop_back();
      break;
  }
  return masters::mbus_long_frame(control(send_data), whom(), ci, data);
}

Bytes MbusTalk::good_request() {
  const std::uint64_t dice = below(20);
  if (dice < 2) return masters::mbus_short_frame(control(nke), whom());
  if (dice < 4) return masters::mbus_short_frame(control(request_alarm), whom());
  if (dice < 11) return masters::mbus_short_frame(control(request_data), whom());
  if (dice < 14) return selection();
  return user_data();
}

Bytes MbusTalk::alarm_request() const {
  // Leaves nothing behind: no FCV.
  return masters::mbus_short_frame(0x4A, static_cast<std::uint8_t>(s_.judge.settings.id));
}

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

Memory* MbusTalk::memory_of(std::uint8_t a) {
  if (a == masters::mbus_broadcast) return nullptr;
  return a == masters::mbus_selected ? &selected_memory_ : &own_;
}

Expected MbusTalk::select(const masters::MbusFrame& frame) {
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
  return {Expected::Kind::acknowledge, {}, 0, 0};
}

/// −1, or the number of the error that is to be told.
int MbusTalk::write(const Bytes& data) {
  std::vector<Given> all;
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
  for (const Given& one : all) {
    if (one.row->address == 0x1000) continue;
    if (!may_write(*one.row, one.value, code, true)) return 0;
    if (one.row->address == 0x107A) code = static_cast<std::uint16_t>(one.value);
  }
  written_ = all;
  return -1;
}

Expected MbusTalk::take_data(const masters::MbusFrame& frame) {
  error_ = -1;
  Expected expected{Expected::Kind::acknowledge, {}, 0, 0};
  const bool set = frame.ci == ci_measured || frame.ci == ci_phases;
  if (frame.ci == ci_reset) {
    all_ = !frame.data.empty() && frame.data[0] == 0;
    next_ = 0;
  } else if (frame.ci == ci_data) {
    error_ = write(frame.data);
  } else if (set && !frame.data.empty()) {
    error_ = 0;
  } else if (set) {
    expected = {Expected::Kind::telegram, frame.ci == ci_measured ? measured_set : phases_set, 0,
                0};
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

Expected MbusTalk::carry_out(const masters::MbusFrame& frame) {
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
    if (was) return {Expected::Kind::acknowledge, {}, 0, 0};
    return {};
  }
  if (!is_for_meter(frame.a)) return {};
  const bool answered = frame.a != masters::mbus_broadcast;
  Memory* memory = memory_of(frame.a);
  const bool fcb = (frame.c & c_fcb) != 0;
  const bool counted = (frame.c & c_fcv) != 0;
  Expected expected{Expected::Kind::acknowledge, {}, 0, 0};
  if (service == nke) {
    own_ = {};
    next_ = 0;
    error_ = -1;
  } else if (memory != nullptr && counted && memory->known && memory->fcb == fcb &&
             memory->service == service) {
    return {Expected::Kind::repetition, {}, 0, 0};
  } else if (service == send_data) {
    expected = take_data(frame);
  } else if (!answered) {
    return {};
  } else if (service == request_alarm) {
    expected.kind = Expected::Kind::alarm;
  } else if (error_ >= 0) {
    expected = {Expected::Kind::error, {}, 0, error_};
    error_ = -1;
  } else {
    expected = {Expected::Kind::telegram, all_ ? everything() : standard_set, next_, 0};
  }
  if (!answered) return {};
  if (service != nke && counted) *memory = {true, fcb, service, {}};
  return expected;
}

void MbusTalk::judge_telegram(const Expected& expected, const masters::MbusFrame& answer) {
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

void MbusTalk::judge(const Expected& expected) {
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
    case Expected::Kind::silence:
      break;
    case Expected::Kind::acknowledge:
      if (!acknowledge) complain("expected E5");
      break;
    case Expected::Kind::alarm:
      if (!acknowledge && !(answer->ci == 0x71 && answer->data.size() == 1 &&
                            s_.world.now() < s_.world.changed_at() + recognised)) {
        complain("expected E5, as there is no alarm");
      }
      break;
    case Expected::Kind::error:
      if (acknowledge || answer->ci != 0x70 || answer->data.size() != 1 ||
          answer->data[0] != expected.error) {
        complain("expected CI 70 with error " + std::to_string(expected.error));
      }
      break;
    case Expected::Kind::telegram:
      if (!answer->is_response()) complain("expected RSP_UD");
      judge_telegram(expected, *answer);
      break;
    case Expected::Kind::repetition:
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

// --- saying it
// ----------------------------------------------------------------------------------------------------

void MbusTalk::say(std::vector<OutgoingCharacter> characters) {
  line_.say(std::move(characters),
            line_.bits(50) + below(below(4) == 0 ? 50 * ps_per_ms : ps_per_ms));
}

void MbusTalk::say_and_judge(const Bytes& bytes) {
  after_power();
  written_.clear();
  new_baud_ = 0;
  const auto frame = masters::parse_mbus_frame(bytes);
  const std::uint16_t id = s_.judge.settings.id;
  s_.judge.look();
  const Expected expected = frame && frame->kind != masters::MbusFrame::Kind::acknowledge
                                ? carry_out(*frame)
                                : Expected{};
  say(characters_of(bytes));
  if (expected.kind == Expected::Kind::silence) {
    expect_silence();
  } else {
    run_answered(s_.world, line_, least() - line_.bits(1), least() + margin + line_.bits(1),
                 line_.bits(33));
    Memory* memory = memory_of(frame->a);
    if (expected.kind == Expected::Kind::repetition) {
      if (line_.heard_bytes() != memory->answer) {
        throw Broken("answer: expected the last one again, " + hex(memory->answer) + ", seen " +
                     hex(line_.heard_bytes()));
      }
    } else {
      judge(expected);
      const bool counted = (frame->c & c_fcv) != 0;
      if (memory != nullptr && memory->known && counted) {
        memory->answer = line_.heard_bytes();
      }
    }
  }
  Settings& settings = s_.judge.settings;
  bool rate = false;
  for (const Given& one : written_) {
    const auto value = static_cast<std::uint16_t>(one.value);
    switch (one.row->address) {
      case 0x1000:
        settings.serial = 0;
        for (const char digit :
             std::to_string(static_cast<std::uint64_t>(one.value) + 100'000'000).substr(1)) {
          settings.serial = settings.serial << 4U | static_cast<std::uint32_t>(digit - '0');
        }
        break;
      case 0x1018:
        settings.id = value;
        break;
      case 0x1020:
        settings.baud = value;
        break;
      case 0x1066:
        settings.s0_rate_centi = static_cast<std::uint32_t>(std::lround(one.value * 100));
        rate = true;
        break;
      case 0x107A:
        settings.combined_code = value;
        break;
      case 0x1510:
        settings.lcd_s = value;
        break;
      default:
        s_.weather.tariff().write(s_.world.now(), value);
        break;
    }
  }
  if (!written_.empty()) s_.weather.written(s_.world.now());
  if (rate) {
    s_.world.run_quiet();
    s_.books.rate_changed();
  }
  if (settings.id != id) own_ = {};
  take_rate(settings.baud);
  if (new_baud_ == 0 || new_baud_ == line_.format().baud) return;
  // On trial: what is heard there next makes it the setting.
  const std::uint16_t baud = new_baud_;
  take_rate(baud);
  settings.baud = baud;
  say_and_judge(masters::mbus_short_frame(0x40, static_cast<std::uint8_t>(settings.id)));
  s_.weather.written(s_.world.now());
}

std::string MbusTalk::probe() {
  say_and_judge(masters::mbus_short_frame(0x4B, static_cast<std::uint8_t>(s_.judge.settings.id)));
  return "probe";
}

std::string MbusTalk::spoiled() {
  std::vector<OutgoingCharacter> frame = characters_of(good_request());
  std::string how = spoil(s_.random, line_.format(), frame);
  Bytes bytes;
  bool damaged = false;
  for (const OutgoingCharacter& character : frame) {
    bytes.push_back(character.byte);
    damaged = damaged || character.wrong_parity || character.no_stop || character.space != 0;
  }
  if (!damaged && masters::parse_mbus_frame(bytes)) return "spoiled to a good one";
  say(std::move(frame));
  expect_silence();
  return "spoiled: " + how;
}

std::string MbusTalk::too_early() {
  // After a frame that is none, a good one before 33 bit times are over is dropped as well.
  std::vector<OutgoingCharacter> frame = characters_of({0x10, 0x40, 0x01, 0x00, 0x16});
  std::vector<OutgoingCharacter> second = characters_of(alarm_request());
  second[0].silence = line_.bits(24 + below(8));
  frame.insert(frame.end(), second.begin(), second.end());
  say(std::move(frame));
  expect_silence();
  return "too early after a bad one";
}

std::string MbusTalk::gaps() {
  const Bytes frame = alarm_request();
  std::vector<OutgoingCharacter> characters = characters_of(frame);
  const std::size_t at = 1 + below(characters.size() - 1);
  const Ps limit = line_.bits(22);
  const Ps bit = line_.bits(1);
  const Ps silences[] = {below(limit - bit), limit - bit, limit + bit, limit + bit + below(limit)};
  const std::size_t choice = below(std::size(silences));
  characters[at].silence = silences[choice];
  after_power();
  say(std::move(characters));
  if (choice < 2) {
    run_answered(s_.world, line_, least() - line_.bits(1), least() + margin + line_.bits(1),
                 line_.bits(33));
    judge({Expected::Kind::alarm, {}, 0, 0});
    return "with a gap that is borne";
  }
  expect_silence();
  return "torn before character " + std::to_string(at);
}

std::string MbusTalk::wrong_rate() {
  const SerialFormat right = line_.format();
  SerialFormat wrong = right;
  if (below(3) == 0) {
    wrong.parity = below(2) == 0 ? models::masters::Parity::odd : models::masters::Parity::none;
  } else {
    while (wrong.baud == right.baud) wrong.baud = bus_bauds[below(4)];
  }
  const Bytes frame = good_request();
  line_.set_format(wrong);
  say(characters_of(frame));
  run_said(s_.world, line_);
  line_.set_format(right);
  run_unanswered(s_.world, line_, least() + line_.bits(60) + 10 * ps_per_ms);
  return "at a wrong rate or parity";
}

std::string MbusTalk::impulses() {
  const bool at_meter = below(2) == 0;
  after_power();
  say(characters_of(alarm_request()));
  const Ps begin = s_.world.now() + 1;
  const Ps span = line_.bits(200) + 20 * ps_per_ms;
  line_.strike(s_.random, at_meter, begin, begin + span, static_cast<int>(1 + below(8)));
  run_said(s_.world, line_);
  s_.world.run_until(
      std::max(begin + span + 2 * ps_per_ms, line_.said_until() + least() + line_.bits(200)));
  if (!at_meter) {
    if (line_.heard().empty()) throw Broken("answer: expected one, seen silence");
    return "the answer under impulses";
  }
  if (!line_.heard().empty()) judge({Expected::Kind::alarm, {}, 0, 0});
  return "under impulses";
}

std::string MbusTalk::cut() {
  const int cuts = s_.weather.cuts();
  after_power();
  say(characters_of(alarm_request()));
  s_.world.run_for(below(line_.bits(120) + least()));
  const std::string what = s_.weather.cut_in_frame();
  run_said(s_.world, line_);
  if (s_.weather.cuts() == cuts) {
    s_.world.run_for(least() + line_.bits(200));
    if (line_.heard().empty()) throw Broken("answer: expected one, seen silence");
    judge({Expected::Kind::alarm, {}, 0, 0});
  }
  return what + ", within a request";
}

std::string MbusTalk::frame() {
  const std::uint64_t dice = below(100);
  if (dice < 60) {
    const Bytes frame = good_request();
    // The rate's pulses are counted to the very write, so nothing is at odds with it.
    std::string with;
    if (frame[0] == 0x10) with = s_.weather.plan_harmless(line_.bits(60) + least());
    s_.world.run_quiet();
    s_.books.check();
    say_and_judge(frame);
    return hex(frame) + (with.empty() ? "" : ", " + with);
  }
  if (dice < 72) return spoiled();
  if (dice < 76) return too_early();
  if (dice < 82) return gaps();
  if (dice < 87) return wrong_rate();
  if (dice < 92) {
    say(noise(s_.random, line_.format(), 8));
    expect_silence();
    return "noise";
  }
  if (dice < 97) return impulses();
  if (below(2) == 0) return probe();
  return cut();
}

}  // namespace soak
