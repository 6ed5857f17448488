#include "tools/live/live_end.h"

#include <algorithm>
#include <utility>

namespace tools::live {

using models::masters::HeardCharacter;
using models::masters::OutgoingCharacter;

namespace {
constexpr const char* instance = "bus.port";
/// More than the 3.5 of a frame's end, in whole characters.
constexpr std::uint64_t characters_between = 4;
}  // namespace

LiveEnd::LiveEnd(LedLine& bus, models::pins::EventSink& sink, bool strict_gaps, Heard on_heard)
    : sink_(sink),
      serial_(bus.format(), bus.leader_port(), *this),
      strict_gaps_(strict_gaps),
      on_heard_(std::move(on_heard)),
      actor_(serial_),
      process_("_bus_port", actor_) {
  serial_.on_change([this] { process_.rearm(); });
  bus.connect_leader(serial_);
}

void LiveEnd::send(Ps t, std::uint32_t baud, const std::vector<std::uint8_t>& bytes) {
  models::masters::SerialFormat format = serial_.format();
  if (baud != format.baud) {
    format.baud = baud;
    serial_.set_format(t, format);
  }
  Ps start = std::max(t + serial_.lead(), serial_.free_from());
  if (!strict_gaps_) {
    const Ps silence =
        format.time_of(characters_between * static_cast<std::uint64_t>(format.bits()));
    start = std::max(start, std::max(serial_.free_from(), heard_until_) + silence);
  }
  std::vector<OutgoingCharacter> characters(bytes.size());
  for (std::size_t n = 0; n < bytes.size(); ++n) characters[n].byte = bytes[n];
  serial_.send(start, std::move(characters));
}

void LiveEnd::heard(const HeardCharacter& character) {
  heard_until_ = character.end;
  sink_.record(character.end, instance, "heard",
               {{"value", std::uint64_t{character.byte}},
                {"start", std::uint64_t{character.start}},
                {"good", character.good()}});
  on_heard_(character);
}

void LiveEnd::sent(const HeardCharacter& character) {
  sink_.record(
      character.end, instance, "byte",
      {{"value", std::uint64_t{character.byte}}, {"start", std::uint64_t{character.start}}});
}

}  // namespace tools::live
