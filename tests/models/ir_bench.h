// The reader of the infra-red port and, at the other end of the light, a meter that does as a test
// says.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "light_path.h"
#include "models/masters/ir_reader.h"

namespace tests {

using models::masters::HeardCharacter;
using models::masters::IrBytes;
using models::masters::IrExchange;
using models::masters::IrFault;
using models::masters::IrOutcome;
using models::masters::IrPurpose;
using models::masters::IrReader;
using models::masters::IrResult;
using models::masters::IrSession;
using models::masters::IrStep;
using models::masters::OutgoingCharacter;
using models::masters::SerialEnd;
using models::masters::SerialFormat;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;

inline IrBytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

inline std::string block(const std::string& body) {
  char bcc = 0x03;
  for (const char c : body) bcc = static_cast<char>(bcc ^ c);
  return "\x02" + body + "\x03" + bcc;
}

inline const std::string identification = "/INM5PRO380-S\r\n";
inline const std::string operand = "\x01P0\x02(00000000)\x03`";
inline const std::string ack = "\x06";
inline const std::string nak = "\x15";

/// Seven bits and even parity. Each message is known by its last character and answered `delay`
/// after its end with what `answer` says.
class ScriptedMeter final : public models::masters::SerialListener {
 public:
  explicit ScriptedMeter(models::pins::LinePort& port)
      : end(IrReader::start_format(), port, *this) {}

  void heard(const HeardCharacter& character) override {
    if (!character.good()) ++spoiled;
    message += static_cast<char>(character.byte);
    gap = std::max(gap, message.size() > 1 ? character.start - last_end : 0);
    last_end = character.end;
    const bool line = message.back() == '\n' || message == nak;
    const bool block = message.size() > 1 && message[message.size() - 2] == '\x03';
    if (!line && !block) return;
    messages.push_back(message);
    const std::string whole = message;
    message.clear();
    const std::string reply = answer ? answer(whole) : std::string();
    if (!reply.empty()) send(character.end + delay, reply);
  }
  void sent(const HeardCharacter&) override {}

  void send(Ps t, const std::string& text) {
    std::vector<OutgoingCharacter> characters;
    for (const char c : text) characters.push_back({static_cast<std::uint8_t>(c), 0, false, false});
    if (wrong_parity_at >= 0)
      characters[static_cast<std::size_t>(wrong_parity_at)].wrong_parity = true;
    if (gap_before >= 0) characters[static_cast<std::size_t>(gap_before)].silence = gap_time;
    wrong_parity_at = -1;
    end.send(t, characters);
  }
  void set_baud(Ps now, std::uint32_t baud) {
    SerialFormat format = end.format();
    format.baud = baud;
    end.set_format(now, format);
  }

  SerialEnd end;
  std::string message;
  std::vector<std::string> messages;
  Ps last_end = 0, gap = 0;
  Ps delay = 200 * ps_per_ms;
  Ps gap_time = 0;
  int spoiled = 0;
  int wrong_parity_at = -1, gap_before = -1;
  std::function<std::string(const std::string&)> answer;
};

struct IrBench {
  explicit IrBench(const models::masters::IrTimes& times = {})
      : reader(path.head, times), meter(path.meter) {
    path.head.listener = &reader.receiver();
    path.meter.listener = &meter.end;
    reader.on_session([this](const IrResult& result) { results.push_back(result); });
    meter.answer = [this](const std::string& message) { return usual(message); };
  }

  /// A meter that does all that it is asked to do.
  std::string usual(const std::string& message) {
    if (message[0] == '/') {
      meter.set_baud(now, 300);
      return identification;
    }
    if (message[0] == '\x06') {
      const char z = message[2];
      meter.set_baud(now, 300u << (z - '0'));
      return message[3] == '1' ? operand : readout;
    }
    if (message == nak) return repeated.empty() ? readout : repeated;
    const std::string command = message.substr(1, 2);
    if (command == "B0") meter.set_baud(now, 300);
    if (command == "P1" || command == "W1") return ack;
    if (command == "R1") return block(message.substr(4, message.find('(') - 4) + "(230.1*V)");
    return {};
  }

  void run(Ps until) {
    for (;;) {
      const Ps t = std::max(now, std::min(reader.next_event(), meter.end.next_event()));
      if (t >= until) break;
      now = t;
      if (meter.end.next_event() <= t) meter.end.advance(meter.end.next_event());
      if (reader.next_event() <= t) reader.advance(t);
    }
    now = until;
  }

  IrResult ask(IrSession session, Ps for_at_most = 60 * ps_per_s) {
    // As a meter does that has been left alone for long.
    if (session.purpose != IrPurpose::raw) meter.set_baud(now, 300);
    meter.message.clear();
    reader.add(now, std::move(session));
    run(now + for_at_most);
    REQUIRE(!results.empty());
    return results.back();
  }

  Ps now = 0;
  tests::LightPath path;
  IrReader reader;
  ScriptedMeter meter;
  std::vector<IrResult> results;
  std::string readout = block("1.8.0(123.45*kWh)\r\n!\r\n");
  std::string repeated;
};

inline IrSession session(IrPurpose purpose) {
  IrSession out;
  out.purpose = purpose;
  return out;
}

inline IrSession programming(std::vector<models::masters::IrCommand> commands) {
  IrSession out = session(IrPurpose::programming);
  out.password = "00000000";
  out.commands = std::move(commands);
  return out;
}

/// Bits at a rate, rounded once.
inline Ps bits(std::uint64_t count, std::uint64_t baud) {
  return (count * ps_per_s + baud / 2) / baud;
}

}  // namespace tests
