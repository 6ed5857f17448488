#include "tools/live/live_end.h"

#include <algorithm>
#include <systemc>
#include <utility>

namespace tools::live {

using models::masters::HeardCharacter;
using models::masters::OutgoingCharacter;
using models::masters::SerialFormat;

namespace {

/// Of the kernel's; no meter's id begins like this.
std::string process_name(std::string instance) {
  std::replace(instance.begin(), instance.end(), '.', '_');
  return "_" + instance;
}

/// Of so many characters.
Ps time_of(const SerialFormat& format, std::size_t count) {
  return format.time_of(count * static_cast<std::uint64_t>(format.bits()));
}

}  // namespace

LiveEnd::LiveEnd(LedLine& line, models::pins::EventSink& sink, int silence, Heard on_heard)
    : line_(line),
      sink_(sink),
      instance_(line.port_instance()),
      serial_(line.format(), line.leader_port(), *this),
      silence_(silence),
      on_heard_(std::move(on_heard)),
      process_(process_name(instance_).c_str(), *this) {
  serial_.on_change([this] { process_.rearm(); });
  line.connect_leader(serial_);
}

void LiveEnd::send(Ps t, std::uint32_t baud, std::vector<std::uint8_t> bytes) {
  SerialFormat format = serial_.format();
  format.baud = baud;
  const Ps time = time_of(format, bytes.size());
  waiting_time_ += time;
  waiting_.push_back({baud, std::move(bytes), time});
  proceed(t);
}

void LiveEnd::advance(Ps t) {
  serial_.advance(t);
  proceed(t);
}

void LiveEnd::proceed(Ps t) {
  while (!waiting_.empty()) {
    const bool other_rate = waiting_.front().baud != serial_.format().baud;
    if (other_rate && serial_.sending()) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_time_ -= next.time;
    if (other_rate) {
      SerialFormat format = serial_.format();
      format.baud = next.baud;
      serial_.set_format(t, format);
    }
    if (!next.bytes.empty()) start(t, next.bytes);
  }
}

void LiveEnd::start(Ps t, const std::vector<std::uint8_t>& bytes) {
  const SerialFormat& format = serial_.format();
  Ps start = std::max(t + serial_.lead(), serial_.free_from());
  if (silence_ > 0) {
    const Ps silence = time_of(format, static_cast<std::size_t>(silence_));
    start = std::max(start, std::max(serial_.free_from(), heard_until_) + silence);
  }
  std::vector<OutgoingCharacter> characters(bytes.size());
  const auto bits = static_cast<std::uint8_t>((1u << format.data_bits) - 1);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    characters[n].byte = static_cast<std::uint8_t>(bytes[n] & bits);
  }
  serial_.send(start, std::move(characters));
}

void LiveEnd::heard(const HeardCharacter& heard) {
  HeardCharacter character = heard;
  const Ps now = sc_core::sc_time_stamp().value();
  if (line_.collided(character.start, std::min(character.end, now))) {
    character.byte = 0;
    character.framing_error = true;
  }
  heard_until_ = character.end;
  sink_.record(character.end, instance_, "heard",
               {{"value", std::uint64_t{character.byte}},
                {"start", std::uint64_t{character.start}},
                {"good", character.good()}});
  on_heard_(character);
}

void LiveEnd::sent(const HeardCharacter& character) {
  sink_.record(
      character.end, instance_, "byte",
      {{"value", std::uint64_t{character.byte}}, {"start", std::uint64_t{character.start}}});
}

}  // namespace tools::live
