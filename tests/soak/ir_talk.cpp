// IEC 62056-21 mode C before the meter's infra-red port (pro380 §6, standards §5): the dialogue's
// phase is kept here as the standard has it. A frame is a message, sign-on and option together.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/masters/iec62056_messages.h"
#include "models/masters/ir_reader.h"
#include "tests/soak/talk.h"

namespace soak {

namespace {

namespace masters = models::masters;
namespace ascii = models::masters::ascii;

/// From a message's end to its answer's first start edge.
constexpr Ps reaction = 200 * ps_per_ms;
constexpr Ps margin = ps_per_ms;
/// A message that stops for more than ta is dropped.
constexpr Ps ta = 1500 * ps_per_ms;
constexpr Ps inactivity = 60 * ps_per_s;
constexpr Ps bar = 60 * ps_per_s;
/// Nobody waits so close to the end of a time that it matters what it is counted from.
constexpr Ps unsure = 2 * ps_per_s;

/// Some of the readout's codes and their rows (standards §5.3).
struct Code {
  const char* code;
  std::uint16_t row;
};
constexpr Code codes[] = {
    {"1.8.0", 0x3020},  {"1.8.1", 0x3120},  {"1.8.2", 0x3220},  {"2.8.0", 0x3040},
    {"2.8.1", 0x3140},  {"2.8.2", 0x3240},  {"3.8.0", 0x3080},  {"4.8.0", 0x30A0},
    {"21.8.0", 0x3028}, {"41.8.0", 0x302C}, {"61.8.0", 0x3030}, {"22.8.0", 0x3048},
    {"32.7.0", 0x2008}, {"52.7.0", 0x200C}, {"72.7.0", 0x2010}, {"31.7.0", 0x2068},
    {"14.7.0", 0x2020}, {"16.7.0", 0x2080}, {"36.7.0", 0x2088}, {"9.7.0", 0x20C0}};

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::string hexadecimal(unsigned value) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (unsigned shift = 16; shift > 0; shift -= 4) text += digits[(value >> (shift - 4)) & 0xFU];
  return text;
}

std::string digits_of(std::uint32_t bcd) {
  std::string text;
  for (unsigned shift = 32; shift > 0; shift -= 4) {
    text += static_cast<char>('0' + ((bcd >> (shift - 4)) & 0xFU));
  }
  return text;
}

}  // namespace

class IrTalk : public Talk {
 public:
  explicit IrTalk(Scene scene) : s_(scene), line_(scene.world.ir()) {}

  std::string frame() override;
  std::string probe() override;

 private:
  enum class Phase { idle, locked, unlocked };

  std::uint64_t below(std::uint64_t n) { return s_.random.below(n); }
  void look_at_time();
  void hang_up();
  void set_baud(std::uint32_t baud);
  void say(std::vector<OutgoingCharacter> characters);
  void say(const Bytes& bytes) { say(characters_of(bytes)); }
  Bytes answer();
  void expect_answer(const Bytes& expected);
  void expect_error(const char* number);
  void expect_break();
  void expect_silence(Ps wait) { run_unanswered(s_.world, line_, wait); }

  std::string in_idle();
  Bytes sign_on();
  std::string sign_on_and_option();
  std::string readout();
  std::string spoiled_sign_on();
  std::string torn_sign_on();
  std::string in_dialogue();
  std::string password(bool right);
  std::string read_row();
  std::string write_row();
  void settle(const Row& row, double value);
  std::string spoiled_command();
  std::string nak();
  std::string impulses();
  std::string cut();
  std::string judge_value(const Row& row, const masters::DataSet& set) const;

  Scene s_;
  Line& line_;
  Phase phase_ = Phase::idle;
  int cuts_ = 0;
  int starts_ = 1;
  int faults_ = 0;   ///< of the reader's messages, in a row
  int repeats_ = 0;  ///< asked for, in a row
  int wrong_passwords_ = 0;
  Ps barred_until_ = 0;
  Ps last_end_ = 0;
  Bytes last_answer_;
};

std::unique_ptr<Talk> make_ir_talk(Scene scene) { return std::make_unique<IrTalk>(scene); }

// --- the dialogue
// ----------------------------------------------------------------------------------------------

void IrTalk::set_baud(std::uint32_t baud) {
  SerialFormat format = masters::IrReader::start_format();
  format.baud = baud;
  line_.set_format(format);
}

void IrTalk::hang_up() {
  phase_ = Phase::idle;
  faults_ = 0;
  repeats_ = 0;
  set_baud(masters::ir_start_baud);
}

/// What time and power have done to the dialogue since the last message.
void IrTalk::look_at_time() {
  World& world = s_.world;
  if (starts_ != s_.weather.starts()) {
    starts_ = s_.weather.starts();
    wrong_passwords_ = 0;
    barred_until_ = 0;
  }
  if (cuts_ != s_.weather.cuts()) {
    cuts_ = s_.weather.cuts();
    hang_up();
  }
  if (phase_ != Phase::idle && world.now() + unsure > last_end_ + inactivity) {
    world.run_until(std::max(world.now(), last_end_ + inactivity + unsure));
    hang_up();
  }
  if (world.now() + unsure > barred_until_ && world.now() < barred_until_ + unsure) {
    world.run_until(barred_until_ + unsure);
    if (phase_ != Phase::idle) look_at_time();
  }
}

void IrTalk::say(std::vector<OutgoingCharacter> characters) {
  line_.say(std::move(characters), reaction / 4 + below(reaction));
}

Bytes IrTalk::answer() {
  // A message is over when a character could have followed and did not.
  run_answered(s_.world, line_, reaction - margin, reaction + margin, line_.characters(3));
  last_end_ = s_.world.now();
  if (!line_.heard_well(line_.bits(2))) {
    throw Broken("answer: expected good characters without a gap, seen " +
                 hex(line_.heard_bytes()));
  }
  return line_.heard_bytes();
}

void IrTalk::expect_answer(const Bytes& expected) {
  const Bytes seen = answer();
  last_answer_ = seen;
  if (seen != expected) {
    throw Broken("answer: expected " + hex(expected) + ", seen " + hex(seen));
  }
}

void IrTalk::expect_error(const char* number) {
  std::string text = std::string("\x02(ER") + number + ")\x03";
  Bytes expected = bytes_of(text);
  expected.push_back(masters::bcc_of(expected, expected.size()));
  expect_answer(expected);
}

void IrTalk::expect_break() {
  expect_answer(masters::command_message("B0", std::nullopt));
  hang_up();
}

// --- idle
// ------------------------------------------------------------------------------------------------------

Bytes IrTalk::sign_on() {
  const std::uint64_t dice = below(4);
  if (dice > 1) return masters::sign_on_message("");
  return masters::sign_on_message((dice == 0 ? "000" : "") + digits_of(s_.judge.settings.serial));
}

std::string IrTalk::sign_on_and_option() {
  constexpr const char* names[] = {"PRO380-S", "PRO380-Mb", "PRO380-Mod"};
  const std::string identification =
      std::string("/INM5") + names[static_cast<std::size_t>(s_.world.variant())] + "\r\n";
  say(sign_on());
  expect_answer(bytes_of(identification));
  if (below(20) == 0) return readout();
  // Programming, at 1200 … 9600 Bd.
  const std::uint64_t digit = below(6) == 0 ? 2 + below(4) : 5;
  say(masters::acknowledgement_message('0', static_cast<char>('0' + digit), '1'));
  run_said(s_.world, line_);
  set_baud(masters::ir_bauds[digit]);
  if (s_.world.now() < barred_until_) {
    expect_break();
    return "sign-on, programming is barred";
  }
  phase_ = Phase::locked;
  expect_answer(masters::command_message("P0", "(00000000)"));
  return "sign-on and option";
}

std::string IrTalk::readout() {
  const std::uint64_t digit = 3 + below(3);
  s_.judge.look();
  say(masters::acknowledgement_message('0', static_cast<char>('0' + digit), '0'));
  run_said(s_.world, line_);
  set_baud(masters::ir_bauds[digit]);
  const Bytes text = answer();
  if (masters::classify(text) != masters::IrMessageKind::data) {
    throw Broken("answer: expected a readout with a good BCC, seen " + hex(text));
  }
  // The text's last lines are "!" CR LF, which are no data set.
  Bytes sets(text.begin(), text.end() - 5);
  sets.push_back(ascii::etx);
  sets.push_back(masters::bcc_of(sets, sets.size()));
  const auto read = masters::parse_data_sets(sets);
  if (!read || read->size() < 40) throw Broken("answer: expected data sets, seen " + hex(text));
  for (const masters::DataSet& set : *read) {
    for (const Code& code : codes) {
      if (set.code != code.code) continue;
      if (const std::string wrong = judge_value(*row_at(code.row), set); !wrong.empty()) {
        throw Broken("answer: " + set.code + "(" + set.value + "): " + wrong);
      }
    }
  }
  // A repeat may be asked for so long.
  s_.world.run_for(ta + 200 * ps_per_ms);
  hang_up();
  return "sign-on and readout of " + std::to_string(text.size()) + " characters";
}

std::string IrTalk::spoiled_sign_on() {
  std::vector<OutgoingCharacter> message = characters_of(sign_on());
  const std::string how = spoil(s_.random, line_.format(), message);
  // What follows a whole message is not looked at: it is answered like any.
  if (how == "a character too many") return torn_sign_on();
  say(std::move(message));
  expect_silence(ta + 200 * ps_per_ms);
  return "sign-on, spoiled: " + how;
}

std::string IrTalk::torn_sign_on() {
  std::vector<OutgoingCharacter> message = characters_of(sign_on());
  const std::size_t at = 1 + below(message.size() - 1);
  message[at].silence = ta + 100 * ps_per_ms;
  say(std::move(message));
  expect_silence(ta + 200 * ps_per_ms);
  return "sign-on, torn before character " + std::to_string(at);
}

std::string IrTalk::in_idle() {
  const std::uint64_t dice = below(10);
  if (dice < 5) return sign_on_and_option();
  if (dice < 6) return spoiled_sign_on();
  if (dice < 7) return torn_sign_on();
  if (dice < 8) {
    say(masters::sign_on_message(std::to_string(below(10'000'000))));
    expect_silence(ta + 200 * ps_per_ms);
    return "sign-on to another";
  }
  if (dice < 9) {
    set_baud(masters::ir_bauds[1 + below(5)]);
    say(sign_on());
    run_said(s_.world, line_);
    set_baud(masters::ir_start_baud);
    expect_silence(ta + 200 * ps_per_ms);
    return "sign-on at a wrong rate";
  }
  say(noise(s_.random, line_.format(), 7));
  expect_silence(ta + 200 * ps_per_ms);
  return "noise";
}

// --- programming mode
// --------------------------------------------------------------------------------------------

std::string IrTalk::password(bool right) {
  std::uint32_t digits = s_.judge.settings.ir_password;
  if (!right) digits ^= 1;
  say(masters::command_message("P1", '(' + digits_of(digits) + ')'));
  if (right) {
    expect_answer({ascii::ack});
    phase_ = Phase::unlocked;
    wrong_passwords_ = 0;
    return "password";
  }
  phase_ = Phase::locked;
  if (++wrong_passwords_ < 3) {
    expect_error("09");
    return "wrong password";
  }
  expect_break();
  wrong_passwords_ = 0;
  barred_until_ = s_.world.now() + bar;
  return "the third wrong password";
}

std::string IrTalk::judge_value(const Row& row, const masters::DataSet& set) const {
  if (row.type == RowType::text) {
    return set.value.rfind("PRO380-", 0) == 0 ? std::string() : "expected the meter's name";
  }
  if (row.address == 0x1000) {
    return set.value == digits_of(s_.judge.settings.serial) ? std::string()
                                                            : "expected the serial number";
  }
  char* end = nullptr;
  const double value = std::strtod(set.value.c_str(), &end);
  if (end == set.value.c_str() || *end != '\0') return "expected a number";
  return s_.judge.wrong(row, value);
}

std::string IrTalk::read_row() {
  const Row& row = matrix()[below(matrix().size())];
  const std::string address = hexadecimal(row.address);
  s_.judge.look();
  say(masters::command_message("R1", address + "()"));
  if (phase_ == Phase::locked) {
    expect_error("08");
    return "R1 without the password";
  }
  if (row.address == 0x1018 || row.address == 0x1020) {
    // A meter without a bus has no such row at all.
    expect_error(s_.world.has_bus() ? "04" : "03");
    return "R1 of a row that this port does not have";
  }
  const Bytes seen = answer();
  last_answer_ = seen;
  const auto sets = masters::parse_data_sets(seen);
  if (masters::classify(seen) != masters::IrMessageKind::data || !sets || sets->size() != 1 ||
      sets->front().code != address) {
    throw Broken("answer: expected the data set of " + address + ", seen " + hex(seen));
  }
  if (const std::string wrong = judge_value(row, sets->front()); !wrong.empty()) {
    throw Broken("answer: row " + address + " " + sets->front().value + ": " + wrong);
  }
  return "R1 " + address;
}

void IrTalk::settle(const Row& row, double value) {
  Settings& settings = s_.judge.settings;
  switch (row.address) {
    case 0x1066:
      settings.s0_rate_centi = static_cast<std::uint32_t>(std::lround(value * 100));
      s_.world.run_quiet();
      s_.books.rate_changed();
      break;
    case 0x107A:
      settings.combined_code = static_cast<std::uint16_t>(value);
      break;
    case 0x1510:
      settings.lcd_s = static_cast<std::uint16_t>(value);
      break;
    default:
      s_.weather.tariff().write(s_.world.now(), static_cast<std::uint16_t>(value));
      break;
  }
}

std::string IrTalk::write_row() {
  if (below(8) == 0) {
    // Another password.
    std::uint32_t digits = 0;
    for (unsigned place = 0; place < 32; place += 4) {
      digits |= static_cast<std::uint32_t>(below(10)) << place;
    }
    say(masters::command_message("W1", "1700(" + digits_of(digits) + ")"));
    if (phase_ == Phase::locked) {
      expect_error("08");
    } else {
      expect_answer({ascii::ack});
      s_.judge.settings.ir_password = digits;
      s_.weather.written(s_.world.now());
    }
    return "W1 1700";
  }
  constexpr std::uint16_t writable[] = {0x1066, 0x107A, 0x1510, 0x2200, 0x2008, 0x1000};
  const Row& row = *row_at(writable[below(std::size(writable))]);
  double value = 1;
  std::string text;
  if (row.address == 0x1066) {
    constexpr const char* rates[] = {"10000", "2000", "1000", "100", "10", "1", "0.1", "0.01"};
    text = below(8) == 0 ? "3.5" : rates[below(std::size(rates))];
    value = std::strtod(text.c_str(), nullptr);
  } else {
    constexpr std::uint64_t tariffs[] = {1, 2, 11, 12};
    std::uint64_t number = below(100);
    if (row.address == 0x107A && below(8) != 0)
      number = combined_codes[below(40) == 0 ? 5 : below(5)];
    if (row.address == 0x1510 && below(8) != 0) number = 1 + below(30);
    if (row.address == 0x2200 && below(8) != 0) number = tariffs[below(4)];
    text = std::to_string(number);
    value = static_cast<double>(number);
  }
  const std::uint16_t code = s_.judge.settings.combined_code;
  say(masters::command_message("W1", hexadecimal(row.address) + '(' + text + ')'));
  if (phase_ == Phase::locked) {
    expect_error("08");
  } else if (!row.writable) {
    expect_error("04");
  } else if (may_write(row, value, code, false)) {
    expect_answer({ascii::ack});
    s_.weather.written(s_.world.now());
    settle(row, value);
  } else {
    expect_error(row.address == 0x107A && code == 10 ? "06" : "05");
  }
  return "W1 " + hexadecimal(row.address) + "(" + text + ")";
}

std::string IrTalk::spoiled_command() {
  std::vector<OutgoingCharacter> message = characters_of(masters::command_message("R1", "2008()"));
  if (below(2) == 0) {
    message.back().byte ^= 1;
  } else {
    message[4 + below(4)].wrong_parity = true;
  }
  say(std::move(message));
  if (++faults_ > 3) {
    expect_break();
    return "the fourth spoiled command";
  }
  expect_answer({ascii::nak});
  return "spoiled command";
}

std::string IrTalk::nak() {
  const Bytes expected = last_answer_;
  say(Bytes{ascii::nak});
  if (++repeats_ > 3) {
    expect_break();
    return "the fourth NAK";
  }
  expect_answer(expected);
  return "NAK";
}

std::string IrTalk::impulses() {
  const bool at_meter = below(2) == 0;
  say(masters::command_message("R1", "0000()"));
  const Ps begin = s_.world.now() + 1;
  const Ps span = line_.characters(30) + 2 * reaction;
  line_.strike(s_.random, at_meter, begin, begin + span, static_cast<int>(1 + below(8)));
  run_said(s_.world, line_);
  s_.world.run_until(std::max(begin + span + 2 * ps_per_ms, line_.said_until()) +
                     line_.characters(30) + reaction);
  if (!at_meter) {
    if (line_.heard().empty()) throw Broken("answer: expected one, seen silence");
    faults_ = 0;
    repeats_ = 0;
    last_end_ = s_.world.now();
    last_answer_.clear();
    return "the answer under impulses";
  }
  // What the meter made of it is not known: light for long ends every dialogue.
  s_.world.run_for(ta + 2 * reaction);
  OutgoingCharacter light;
  light.space = 400 * ps_per_ms;
  say({light});
  expect_silence(ta + 200 * ps_per_ms);
  hang_up();
  return "a command under impulses, then a break";
}

std::string IrTalk::in_dialogue() {
  const std::uint64_t dice = below(100);
  std::string what;
  if (dice < 5) return spoiled_command();
  if (dice < 12 && !last_answer_.empty()) return nak();
  if (dice < 15) return impulses();
  if (dice < 17) {
    say(masters::command_message("B0", std::nullopt));
    run_said(s_.world, line_);
    expect_silence(ta / 2);
    hang_up();
    return "B0";
  }
  if (dice < 19 || (phase_ == Phase::locked && dice < 50)) {
    // Who has forgotten it tries again.
    what = password(below(wrong_passwords_ > 0 ? 2 : 8) != 0);
  } else if (dice < 22) {
    say(masters::command_message("R2", "2008()"));
    expect_error("01");
    what = "an unknown command";
  } else if (dice < 24) {
    say(masters::command_message("R1", "200G()"));
    expect_error(phase_ == Phase::locked ? "08" : "03");
    what = "an unknown code";
  } else if (dice < 40) {
    what = write_row();
  } else {
    what = read_row();
  }
  faults_ = 0;
  repeats_ = 0;
  return what;
}

// --- a frame
// ---------------------------------------------------------------------------------------------------

std::string IrTalk::cut() {
  const int cuts = s_.weather.cuts();
  if (phase_ == Phase::idle) {
    say(masters::sign_on_message("1"));
  } else {
    say(masters::command_message("R1", "0000()"));
  }
  s_.world.run_for(below(2 * reaction + line_.characters(20)));
  const std::string what = s_.weather.cut_in_frame();
  run_said(s_.world, line_);
  // A command that came through is answered late enough, and what is left of one is dropped.
  s_.world.run_for(ta + 2 * reaction);
  faults_ = 0;
  repeats_ = 0;
  last_answer_.clear();
  last_end_ = s_.world.now();
  if (s_.weather.cuts() == cuts && phase_ != Phase::idle && line_.heard().empty()) {
    throw Broken("answer: expected one, seen silence");
  }
  return what + ", within a message";
}

std::string IrTalk::probe() {
  look_at_time();
  if (phase_ != Phase::idle) {
    say(masters::command_message("B0", std::nullopt));
    run_said(s_.world, line_);
    expect_silence(ta / 2);
    hang_up();
  }
  sign_on_and_option();
  return "probe";
}

std::string IrTalk::frame() {
  look_at_time();
  s_.world.run_quiet();
  s_.books.check();
  if (below(50) == 0) return cut();
  return phase_ == Phase::idle ? in_idle() : in_dialogue();
}

}  // namespace soak
