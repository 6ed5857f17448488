// A line with a scripted M-Bus master and slaves that do as the test says.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "models/lines/mbus_level_converter.h"
#include "models/lines/mbus_network.h"
#include "models/masters/mbus_master.h"

namespace tests {

using models::masters::MbusBytes;
using models::pins::Ps;

/// Answers each frame, known by its own length, as `answer` says, so long after its end.
class MbusSlave final : public models::masters::SerialListener {
 public:
  MbusSlave(const models::masters::SerialFormat& format, models::pins::LinePort& port)
      : end(format, port, *this) {}

  void heard(const models::masters::HeardCharacter& character) override {
    if (character.broken) ++breaks;
    if (!frame.empty() && character.start > last + end.format().time_of(22)) frame.clear();
    last = character.end;
    frame.push_back(character.byte);
    const auto length = models::masters::mbus_frame_length(frame);
    if (!length || *length != frame.size()) return;
    frames.push_back(frame);
    const MbusBytes reply = answer ? answer(frame) : MbusBytes{};
    frame.clear();
    if (reply.empty()) return;
    std::vector<models::masters::OutgoingCharacter> characters;
    for (const std::uint8_t byte : reply) characters.push_back({byte});
    if (spoil) spoil(characters);
    end.send(character.end + delay, characters);
  }
  void sent(const models::masters::HeardCharacter&) override {}

  models::masters::SerialEnd end;
  MbusBytes frame;
  std::vector<MbusBytes> frames;
  int breaks = 0;
  Ps last = 0;
  Ps delay = 14 * models::pins::ps_per_ms;
  std::function<MbusBytes(const MbusBytes&)> answer;
  std::function<void(std::vector<models::masters::OutgoingCharacter>&)> spoil;
};

struct MbusLine {
  explicit MbusLine(int slave_count = 2, const models::masters::SerialFormat& format = {})
      : bus(models::lines::make_mbus_segment({}, ends(slave_count))),
        segment(*bus),
        converter(segment.port(0)),
        master(format, converter) {
    converter.power(0, true);
    segment.listen(0, master.receiver());
    for (int i = 0; i < slave_count; ++i) {
      slaves.push_back(std::make_unique<MbusSlave>(format, segment.port(i + 1)));
      segment.listen(i + 1, slaves.back()->end);
    }
    master.on_exchange([this](const auto& e) { exchanges.push_back(e); });
    master.on_findings([this](const auto& f) { findings.push_back(f); });
    master.ask_contested([this](Ps from, Ps to) { return segment.contested(from, to); });
  }

  /// The master, and so many meters.
  static std::vector<models::lines::MbusEndSpec> ends(int slave_count) {
    std::vector<models::lines::MbusEndSpec> out(static_cast<std::size_t>(slave_count) + 1);
    out[0].kind = models::lines::MbusEndKind::master;
    return out;
  }

  MbusSlave& slave(std::size_t index = 0) { return *slaves[index]; }

  void run(Ps until) {
    for (;;) {
      Ps t = std::min(master.next_event(), segment.next_event());
      for (const auto& s : slaves) t = std::min(t, s->end.next_event());
      t = std::max(t, now);
      if (t >= until) break;
      now = t;
      if (segment.next_event() <= t) segment.advance(segment.next_event());
      for (const auto& s : slaves) {
        if (s->end.next_event() <= t) s->end.advance(s->end.next_event());
      }
      if (master.next_event() <= t) master.advance(t);
    }
    now = until;
  }

  Ps now = 0;
  std::unique_ptr<models::lines::Segment> bus;
  models::lines::Segment& segment;
  models::lines::MbusLevelConverter converter;
  models::masters::MbusMaster master;
  std::vector<std::unique_ptr<MbusSlave>> slaves;
  std::vector<models::masters::MbusExchange> exchanges;
  std::vector<models::masters::MbusFindings> findings;
};

}  // namespace tests
