// Modbus RTU against the meter's RS-485 terminals (pro380 §4, standards §3): the answer that each
// request must have is worked out here from the matrix and the order of checks.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "models/masters/crc16.h"
#include "tests/soak/talk.h"

namespace soak {

namespace {

using models::masters::append_crc;
using models::masters::crc_holds;

constexpr Ps reply_delay = 20 * ps_per_ms;
/// What the firmware may need beyond t3.5 where that is more than the reply delay: 15.9 ms.
constexpr Ps processing = 16 * ps_per_ms;
/// Clock edges, dividers, the master's looking at the middle of bits.
constexpr Ps margin = ps_per_ms / 2;

std::uint16_t word(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

/// What must come of a frame.
struct Expected {
  bool answered = false;
  std::uint8_t exception = 0;
  Bytes answer;                   ///< without CRC; of a read without its values
  std::vector<const Row*> reads;  ///< … whose they are
  const Row* writes = nullptr;
  double value = 0;
};

}  // namespace

class ModbusTalk : public Talk {
 public:
  explicit ModbusTalk(Scene scene) : s_(scene), line_(scene.world.bus()) {}

  std::string frame() override;
  std::string probe() override;

 private:
  std::uint64_t below(std::uint64_t n) { return s_.random.below(n); }

  // --- what may be asked
  Bytes good_request();
  Bytes read_request();
  Bytes write_request();
  Bytes any_function();
  std::uint8_t whom();
  std::string spoiled();
  std::string gaps();
  std::string wrong_rate();
  std::string impulses();
  std::string collided();
  std::string cut();

  // --- what must come of it
  Expected expect(const Bytes& frame) const;
  Expected expect_read(const Bytes& frame) const;
  Expected expect_write(const Bytes& frame) const;
  std::optional<double> value_in(const Row& row, const std::uint8_t* bytes) const;
  void settle(const Expected& expected);
  void say_and_judge(const Bytes& frame);
  void say(std::vector<OutgoingCharacter> characters);
  void judge_answer(const Expected& expected) const;
  std::string wrong_value(const Row& row, const std::uint8_t* bytes) const;
  Ps longest_wait() const { return std::max(reply_delay, line_.characters(3.5) + processing); }

  Scene s_;
  Line& line_;
};

std::unique_ptr<Talk> make_modbus_talk(Scene scene) { return std::make_unique<ModbusTalk>(scene); }

// --- what may be asked
// ------------------------------------------------------------------------------------------

std::uint8_t ModbusTalk::whom() {
  return below(20) == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(s_.judge.settings.id);
}

Bytes ModbusTalk::read_request() {
  const std::vector<Row>& rows = matrix();
  const std::size_t first = below(rows.size());
  std::size_t last = std::min(rows.size() - 1, first + below(line_.format().baud < 2400 ? 2 : 8));
  std::uint32_t address = rows[first].address;
  std::uint32_t bytes = rows[last].address + rows[last].bytes - address;
  // Mostly rows without a hole; now and then a hole, half a row, or more than there may be.
  if (below(8) != 0) {
    while (last > first) {
      std::uint32_t sum = 0;
      for (std::size_t n = first; n <= last; ++n) sum += rows[n].bytes;
      if (sum == rows[last].address + rows[last].bytes - address) break;
      --last;
    }
    bytes = rows[last].address + rows[last].bytes - address;
  } else if (below(2) == 0) {
    address = static_cast<std::uint32_t>(below(0x10000));
    bytes = static_cast<std::uint32_t>(below(300));
  }
  const std::uint32_t quantity = bytes / 2;
  return {whom(),
          static_cast<std::uint8_t>(below(4) == 0 ? 4 : 3),
          static_cast<std::uint8_t>(address >> 8U),
          static_cast<std::uint8_t>(address),
          static_cast<std::uint8_t>(quantity >> 8U),
          static_cast<std::uint8_t>(quantity)};
}

Bytes ModbusTalk::write_request() {
  std::vector<const Row*> rows;
  for (const Row& row : matrix()) {
    if (row.writable) rows.push_back(&row);
  }
  const Row& row = below(8) == 0 ? matrix()[below(matrix().size())] : *rows[below(rows.size())];
  std::uint32_t value = 0;
  switch (row.address) {
    case 0x1018:
      value = static_cast<std::uint32_t>(1 + below(247));
      break;
    case 0x1020:
      // Mostly the fast ones, for the sake of time.
      value = bus_bauds[below(4) == 0 ? below(6) : below(3)];
      break;
    case 0x1066: {
      const auto rate = static_cast<float>(s0_rates[below(std::size(s0_rates))]);
      std::memcpy(&value, &rate, sizeof value);
      break;
    }
    case 0x107A:
      // 10 is for ever: late in an episode only, by being rare.
      value = combined_codes[below(40) == 0 ? 5 : below(5)];
      break;
    case 0x1510: {
      const auto s = static_cast<std::uint32_t>(1 + below(30));
      value = s / 10 * 16 + s % 10;
      break;
    }
    case 0x2200: {
      constexpr std::uint32_t tariffs[] = {1, 2, 11, 12};
      value = tariffs[below(4)];
      break;
    }
    default:
      break;
  }
  if (below(6) == 0) value = static_cast<std::uint32_t>(s_.random.bits());
  const auto byte = [value](unsigned shift) { return static_cast<std::uint8_t>(value >> shift); };
  Bytes frame = {whom(), 6, static_cast<std::uint8_t>(row.address >> 8U),
                 static_cast<std::uint8_t>(row.address)};
  if (row.bytes == 2 && below(2) == 0) {
    frame.insert(frame.end(), {byte(8), byte(0)});
    return frame;
  }
  frame[1] = 16;
  const unsigned words = row.bytes == 2 ? 1 : 2;
  frame.insert(frame.end(),
               {0, static_cast<std::uint8_t>(words), static_cast<std::uint8_t>(2 * words)});
  for (unsigned shift = 16 * words; shift > 0; shift -= 8) frame.push_back(byte(shift - 8));
  return frame;
}

Bytes ModbusTalk::any_function() {
  Bytes frame = {static_cast<std::uint8_t>(s_.judge.settings.id),
                 static_cast<std::uint8_t>(below(256))};
  for (std::uint64_t n = below(line_.format().baud < 2400 ? 12 : 252); n > 0; --n) {
    frame.push_back(static_cast<std::uint8_t>(below(256)));
  }
  return frame;
}

Bytes ModbusTalk::good_request() {
  const std::uint64_t dice = below(20);
  Bytes frame = dice < 14 ? read_request() : dice < 18 ? write_request() : any_function();
  append_crc(frame);
  return frame;
}

// --- what must come of it
// --------------------------------------------------------------------------------------

Expected ModbusTalk::expect(const Bytes& frame) const {
  Expected expected;
  if (frame.size() < 4 || frame.size() > 256 || !crc_holds(frame)) return expected;
  const auto id = static_cast<std::uint8_t>(s_.judge.settings.id);
  if (frame[0] != id && frame[0] != 0) return expected;
  const bool everybody = frame[0] == 0;
  switch (frame[1]) {
    case 3:
    case 4:
      expected = expect_read(frame);
      expected.answered = true;
      break;
    case 6:
    case 16:
      expected = expect_write(frame);
      expected.answered = !everybody;
      break;
    default:
      expected.exception = 1;
      expected.answered = !everybody;
      break;
  }
  if (expected.exception != 0) {
    expected.answer = {id, static_cast<std::uint8_t>(frame[1] | 0x80U), expected.exception};
    expected.writes = nullptr;
  } else {
    expected.answer[0] = id;
  }
  return expected;
}

Expected ModbusTalk::expect_read(const Bytes& frame) const {
  Expected expected;
  const bool whole = frame.size() == 8;
  const std::uint32_t quantity = whole ? word(frame, 4) : 0;
  if (quantity < 1 || quantity > 125) {
    expected.exception = 3;
    return expected;
  }
  std::uint32_t address = word(frame, 2);
  const std::uint32_t end = address + 2 * quantity;
  while (address < end) {
    const Row* row = row_at(address);
    if (row == nullptr || address + row->bytes > end) {
      expected.exception = 2;
      return expected;
    }
    expected.reads.push_back(row);
    address += row->bytes;
  }
  expected.answer = {frame[0], frame[1], static_cast<std::uint8_t>(2 * quantity)};
  return expected;
}

std::optional<double> ModbusTalk::value_in(const Row& row, const std::uint8_t* bytes) const {
  if (row.type == RowType::real) {
    const std::uint32_t bits = std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
                               std::uint32_t{bytes[2]} << 8U | bytes[3];
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  const unsigned integer = static_cast<unsigned>(bytes[0]) << 8U | bytes[1];
  if (row.type == RowType::integer) {
    return row.address == 0x1020 ? integer
                                 : static_cast<double>(static_cast<std::int16_t>(integer));
  }
  double value = 0;
  for (std::size_t n = 0; n < row.bytes; ++n) {
    if (bytes[n] >> 4U > 9 || (bytes[n] & 0xFU) > 9) return std::nullopt;
    value = value * 100 + (bytes[n] >> 4U) * 10 + (bytes[n] & 0xFU);
  }
  return value;
}

Expected ModbusTalk::expect_write(const Bytes& frame) const {
  Expected expected;
  const bool one = frame[1] == 6;
  std::uint32_t quantity = 1;
  if (one) {
    if (frame.size() != 8) expected.exception = 3;
  } else {
    quantity = frame.size() >= 9 ? word(frame, 4) : 0;
    if (quantity < 1 || quantity > 123 || frame[6] != 2 * quantity ||
        frame.size() != 9 + 2 * quantity) {
      expected.exception = 3;
    }
  }
  if (expected.exception != 0) return expected;
  const Row* row = row_at(word(frame, 2));
  if (row == nullptr || !row->writable || row->bytes != 2 * quantity) {
    expected.exception = 2;
    return expected;
  }
  const auto value = value_in(*row, frame.data() + (one ? 4 : 7));
  if (!value || !may_write(*row, *value, s_.judge.settings.combined_code, false)) {
    expected.exception = 3;
    return expected;
  }
  expected.writes = row;
  expected.value = *value;
  expected.answer.assign(frame.begin(), frame.begin() + 6);
  return expected;
}

void ModbusTalk::settle(const Expected& expected) {
  if (expected.writes == nullptr) return;
  Settings& settings = s_.judge.settings;
  const auto value = static_cast<std::uint16_t>(expected.value);
  switch (expected.writes->address) {
    case 0x1018:
      settings.id = value;
      break;
    case 0x1020: {
      settings.baud = value;
      SerialFormat format = line_.format();
      format.baud = value;
      line_.set_format(format);
      break;
    }
    case 0x1066:
      settings.s0_rate_centi = static_cast<std::uint32_t>(std::lround(expected.value * 100));
      s_.world.run_quiet();
      s_.books.rate_changed();
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
  s_.weather.written(s_.world.now());
}

std::string ModbusTalk::wrong_value(const Row& row, const std::uint8_t* bytes) const {
  if (row.type == RowType::text) {
    const std::string name = "PRO380-Mod";
    for (std::size_t n = 0; n < row.bytes; ++n) {
      const char expected = n < name.size() ? name[n] : '\0';
      if (static_cast<char>(bytes[n]) != expected) return "expected the name " + name;
    }
    return {};
  }
  const auto value = value_in(row, bytes);
  if (!value) return "expected decimal digits";
  if (row.address == 0x1000) {
    const std::uint32_t serial = std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U |
                                 std::uint32_t{bytes[2]} << 8U | bytes[3];
    return serial == s_.judge.settings.serial ? std::string() : "expected the serial number";
  }
  return s_.judge.wrong(row, *value);
}

void ModbusTalk::judge_answer(const Expected& expected) const {
  const Bytes answer = line_.heard_bytes();
  const auto complain = [&answer](const std::string& what) {
    throw Broken("answer: " + what + ", seen " + hex(answer));
  };
  if (!line_.heard_well(line_.characters(1.5))) complain("expected good characters without a gap");
  if (answer.size() < 4 || !crc_holds(answer)) complain("expected a good CRC");
  const Bytes body(answer.begin(), answer.end() - 2);
  if (expected.reads.empty() || expected.exception != 0) {
    if (body != expected.answer) complain("expected " + hex(expected.answer));
    return;
  }
  const std::size_t bytes = expected.answer[2];
  if (body.size() != 3 + bytes ||
      !std::equal(expected.answer.begin(), expected.answer.end(), body.begin())) {
    complain("expected " + hex(expected.answer) + " and " + std::to_string(bytes) + " bytes");
  }
  const std::uint8_t* next = body.data() + 3;
  for (const Row* row : expected.reads) {
    if (const std::string wrong = wrong_value(*row, next); !wrong.empty()) {
      complain("row " +
               hex({static_cast<std::uint8_t>(row->address >> 8U),
                    static_cast<std::uint8_t>(row->address)}) +
               ": " + wrong);
    }
    next += row->bytes;
  }
}

// --- saying it
// ----------------------------------------------------------------------------------------------------

void ModbusTalk::say(std::vector<OutgoingCharacter> characters) {
  const Ps silence =
      line_.characters(3.5) + ps_per_ms / 10 + below(below(4) == 0 ? 50 * ps_per_ms : ps_per_ms);
  line_.say(std::move(characters), silence);
}

void ModbusTalk::say_and_judge(const Bytes& frame) {
  const Expected expected = expect(frame);
  s_.judge.look();
  say(characters_of(frame));
  if (!expected.answered) {
    run_unanswered(s_.world, line_, longest_wait() + 10 * ps_per_ms);
  } else {
    run_answered(s_.world, line_, reply_delay, longest_wait() + margin, line_.characters(3.5));
    judge_answer(expected);
  }
  settle(expected);
}

std::string ModbusTalk::probe() {
  Bytes frame = {static_cast<std::uint8_t>(s_.judge.settings.id), 3, 0x20, 0x08, 0, 6};
  append_crc(frame);
  say_and_judge(frame);
  return "probe";
}

std::string ModbusTalk::spoiled() {
  std::vector<OutgoingCharacter> frame = characters_of(good_request());
  std::string how = spoil(s_.random, line_.format(), frame);
  // By chance it may be another good frame.
  Bytes bytes;
  bool damaged = false;
  for (const OutgoingCharacter& character : frame) {
    bytes.push_back(character.byte);
    damaged = damaged || character.wrong_parity || character.no_stop || character.space != 0;
  }
  if (!damaged && expect(bytes).answered) return "spoiled to a good one";
  say(std::move(frame));
  run_unanswered(s_.world, line_, longest_wait() + 10 * ps_per_ms);
  return "spoiled: " + how;
}

std::string ModbusTalk::gaps() {
  // A bit time either side of what a receiver must bear and must not.
  const Bytes frame = good_request();
  std::vector<OutgoingCharacter> characters = characters_of(frame);
  const std::size_t at = 1 + below(characters.size() - 1);
  const Ps t15 = line_.characters(1.5);
  const Ps t35 = line_.characters(3.5);
  const Ps bit = line_.bits(1);
  const Ps silences[] = {below(t15 - bit), t15 - bit, t15 + bit,
                         t35 - bit,        t35 + bit, t15 + bit + below(4 * t35)};
  const std::size_t choice = below(std::size(silences));
  characters[at].silence = silences[choice];
  if (choice < 2) {
    const Expected expected = expect(frame);
    s_.judge.look();
    say(std::move(characters));
    if (expected.answered) {
      run_answered(s_.world, line_, reply_delay, longest_wait() + margin, line_.characters(3.5));
      judge_answer(expected);
    } else {
      run_unanswered(s_.world, line_, longest_wait() + 10 * ps_per_ms);
    }
    settle(expected);
    return "with a gap that is borne: " + hex(frame);
  }
  const Bytes pieces[] = {{frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(at)},
                          {frame.begin() + static_cast<std::ptrdiff_t>(at), frame.end()}};
  if (expect(pieces[0]).answered || expect(pieces[1]).answered) return "torn to a good one";
  say(std::move(characters));
  run_unanswered(s_.world, line_, longest_wait() + 10 * ps_per_ms);
  return "torn before character " + std::to_string(at);
}

std::string ModbusTalk::wrong_rate() {
  const SerialFormat right = line_.format();
  const SerialFormat wrong = wrong_format(s_.random, right);
  const Bytes frame = good_request();
  line_.set_format(wrong);
  say(characters_of(frame));
  run_said(s_.world, line_);
  line_.set_format(right);
  run_unanswered(s_.world, line_, longest_wait() + line_.characters(3.5) + 10 * ps_per_ms);
  return "at a wrong rate or parity";
}

std::string ModbusTalk::impulses() {
  // What they hit is not known here: a read may be answered or not, and nothing else may happen.
  Bytes frame = read_request();
  frame[0] = static_cast<std::uint8_t>(s_.judge.settings.id);
  append_crc(frame);
  const Expected expected = expect(frame);
  const bool at_meter = below(2) == 0;
  s_.judge.look();
  say(characters_of(frame));
  const Ps begin = s_.world.now() + 1;
  const Ps span = line_.characters(static_cast<double>(frame.size()) + 10) + 60 * ps_per_ms;
  line_.strike(s_.random, at_meter, begin, begin + span, static_cast<int>(1 + below(12)));
  if (!at_meter) {
    // The meter hears all of it, so it must say something; what the master hears may be anything.
    run_said(s_.world, line_);
    s_.world.run_for(longest_wait() + line_.characters(260));
    if (line_.heard().empty()) throw Broken("answer: expected one, seen silence");
    return "read, the answer under impulses";
  }
  run_said(s_.world, line_);
  s_.world.run_for(longest_wait() + line_.characters(260));
  if (!line_.heard().empty()) judge_answer(expected);
  return "read under impulses";
}

std::string ModbusTalk::collided() {
  // A second request without waiting for the answer to the first.
  Bytes first = read_request();
  first[0] = static_cast<std::uint8_t>(s_.judge.settings.id);
  append_crc(first);
  const Expected expected = expect(first);
  Bytes second = {static_cast<std::uint8_t>(s_.judge.settings.id), 3, 0x20, 0x20, 0, 2};
  append_crc(second);
  std::vector<OutgoingCharacter> characters = characters_of(first);
  const Ps lead = line_.characters(3.5) + line_.bits(2);
  if (lead + line_.characters(8) + line_.bits(2) > reply_delay) return probe();
  std::vector<OutgoingCharacter> more = characters_of(second);
  more[0].silence = lead;
  characters.insert(characters.end(), more.begin(), more.end());
  s_.judge.look();
  say(std::move(characters));
  // Counted from the first one's end, which the second lies behind.
  run_said(s_.world, line_);
  const Ps behind = lead + line_.characters(8);
  run_answered(s_.world, line_, reply_delay - std::min(reply_delay, behind),
               longest_wait() - behind + margin, line_.characters(3.5));
  judge_answer(expected);
  return "two requests without waiting";
}

std::string ModbusTalk::frame() {
  const std::uint64_t dice = below(100);
  if (dice < 45) {
    const Bytes frame = good_request();
    std::string with;
    // The rate's pulses are counted to the very write.
    if (frame[1] != 16) with = s_.weather.plan_harmless(line_.characters(20) + reply_delay);
    s_.world.run_quiet();
    s_.books.check();
    say_and_judge(frame);
    return hex(frame) + (with.empty() ? "" : ", " + with);
  }
  if (dice < 50) {
    Bytes frame = good_request();
    while (frame[0] == s_.judge.settings.id || frame[0] == 0) {
      frame[0] = static_cast<std::uint8_t>(below(256));
    }
    frame.resize(frame.size() - 2);
    append_crc(frame);
    say_and_judge(frame);
    return "to another: " + hex(frame);
  }
  if (dice < 65) return spoiled();
  if (dice < 74) return gaps();
  if (dice < 80) return wrong_rate();
  if (dice < 88) {
    say(noise(s_.random, line_.format(), 8));
    run_unanswered(s_.world, line_, longest_wait() + 10 * ps_per_ms);
    return "noise";
  }
  if (dice < 94) return impulses();
  if (dice < 97) return collided();
  if (below(3) != 0) return probe();
  return cut();
}

std::string ModbusTalk::cut() {
  Bytes frame = read_request();
  append_crc(frame);
  const Expected expected = expect(frame);
  const int cuts = s_.weather.cuts();
  s_.judge.look();
  say(characters_of(frame));
  s_.world.run_for(below(line_.characters(static_cast<double>(frame.size()) + 20) + reply_delay));
  const std::string what = s_.weather.cut_in_frame();
  run_said(s_.world, line_);
  if (s_.weather.cuts() == cuts) {
    // Too short to be noticed: nobody may notice.
    s_.world.run_for(longest_wait() + line_.characters(260));
    if (line_.heard().empty()) throw Broken("answer: expected one, seen silence");
    judge_answer(expected);
  }
  return what + ", within a read";
}

}  // namespace soak
