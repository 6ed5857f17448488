#include "tests/soak/mbus_talk.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace soak {

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

MbusGiven MbusTalk::given() {
  const auto low = [](std::uint32_t value, int bytes, Bytes& out) {
    for (; bytes > 0; --bytes, value >>= 8U) out.push_back(static_cast<std::uint8_t>(value));
  };
  MbusGiven given;
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
        const MbusGiven one = given();
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
  const MbusExpected expected = frame && frame->kind != masters::MbusFrame::Kind::acknowledge
                                    ? carry_out(*frame)
                                    : MbusExpected{};
  say(characters_of(bytes));
  if (expected.kind == MbusExpected::Kind::silence) {
    expect_silence();
  } else {
    run_answered(s_.world, line_, least() - line_.bits(1), least() + margin + line_.bits(1),
                 line_.bits(33));
    MbusMemory* memory = memory_of(frame->a);
    if (expected.kind == MbusExpected::Kind::repetition) {
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
  for (const MbusGiven& one : written_) {
    // Of the rows with more than 16 bits only their own case looks at it.
    const auto value = static_cast<std::uint16_t>(static_cast<std::uint64_t>(one.value));
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
    judge({MbusExpected::Kind::alarm, {}, 0, 0});
    return "with a gap that is borne";
  }
  expect_silence();
  return "torn before character " + std::to_string(at);
}

std::string MbusTalk::wrong_rate() {
  const SerialFormat right = line_.format();
  const SerialFormat wrong = wrong_format(s_.random, right);
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
  if (!line_.heard().empty()) judge({MbusExpected::Kind::alarm, {}, 0, 0});
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
    judge({MbusExpected::Kind::alarm, {}, 0, 0});
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
