#include "tests/soak/line.h"

#include <algorithm>
#include <cmath>
#include <systemc>

#include "models/lines/mbus_network.h"
#include "models/lines/optical_network.h"
#include "models/lines/rs485_network.h"

namespace soak {

namespace lines = models::lines;

namespace {

Ps now() { return sc_core::sc_time_stamp().value(); }

/// Two ends, the meter's first.
std::unique_ptr<lines::Segment> make_segment(Line::Kind kind, std::uint64_t seed) {
  switch (kind) {
    case Line::Kind::rs485: {
      std::vector<lines::EndSpec> ends(2);
      ends[1].position_m = 10;
      return lines::make_rs485_segment({}, ends, seed);
    }
    case Line::Kind::mbus: {
      std::vector<lines::MbusEndSpec> ends(2);
      ends[0].position_m = 10;
      ends[1].kind = lines::MbusEndKind::master;
      return lines::make_mbus_segment({}, ends, seed);
    }
    case Line::Kind::optical:
      break;
  }
  return lines::make_optical_segment({}, seed);
}

/// More than any threshold is away: volts at an RS-485 receiver, on the M-Bus, of light.
double impulse_of(Line::Kind kind) {
  constexpr double volts[] = {6, 14, 3};
  return volts[static_cast<std::size_t>(kind)];
}

std::string module_name(Line::Kind kind, const char* what) {
  constexpr const char* names[] = {"rs485", "mbus", "optical"};
  return std::string("_") + names[static_cast<std::size_t>(kind)] + what;
}

}  // namespace

static_assert(lines::optical_meter_end == 0 && lines::optical_head_end == 1);

Line::Line(Kind kind, const SerialFormat& format, std::uint64_t seed)
    : segment_(make_segment(kind, seed)),
      converter_(kind == Kind::mbus
                     ? std::make_unique<lines::MbusLevelConverter>(segment_->port(master_end))
                     : nullptr),
      serial_(format,
              converter_ ? static_cast<models::pins::LinePort&>(*converter_)
                         : segment_->port(master_end),
              *this),
      segment_actor_(*segment_),
      serial_actor_(serial_),
      segment_process_(module_name(kind, "_segment").c_str(), segment_actor_),
      serial_process_(module_name(kind, "_serial").c_str(), serial_actor_),
      impulse_V_(impulse_of(kind)) {
  segment_->listen(master_end, serial_);
  serial_.on_change([this] { serial_process_.rearm(); });
  if (converter_) converter_->power(0, true);
}

void Line::set_format(const SerialFormat& format) { serial_.set_format(now(), format); }

Ps Line::characters(double count) const {
  return static_cast<Ps>(
      std::llround(count * static_cast<double>(bits(10'000)) * format().bits() / 10'000));
}

void Line::say(std::vector<OutgoingCharacter> characters, Ps silence) {
  heard_.clear();
  const Ps start = std::max(now() + serial_.lead(), serial_.free_from()) + silence + 1;
  said_until_ = start;
  serial_.send(start, std::move(characters));
}

Bytes Line::heard_bytes() const {
  Bytes bytes;
  bytes.reserve(heard_.size());
  for (const HeardCharacter& character : heard_) bytes.push_back(character.byte);
  return bytes;
}

bool Line::heard_well(Ps gap) const {
  for (std::size_t n = 0; n < heard_.size(); ++n) {
    if (!heard_[n].good()) return false;
    if (n > 0 && heard_[n].start > heard_[n - 1].end + gap) return false;
  }
  return true;
}

void Line::strike(Random& random, bool at_meter, Ps from, Ps to, int count) {
  Ps& until = struck_until_[at_meter ? 0 : 1];
  std::vector<Ps> instants;
  instants.reserve(static_cast<std::size_t>(count));
  for (int n = 0; n < count; ++n) instants.push_back(from + random.below(to - from));
  std::sort(instants.begin(), instants.end());
  for (const Ps instant : instants) {
    const Ps begin = std::max(instant, until + 2);
    const Ps width = 1'000'000 + random.below(ps_per_ms);
    const double sign = random.below(2) == 0 ? 1 : -1;
    segment_->disturb(at_meter ? meter_end : master_end, {begin, begin + width, sign * impulse_V_});
    until = begin + width;
  }
}

}  // namespace soak
