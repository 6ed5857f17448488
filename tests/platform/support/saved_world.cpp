#include "tests/platform/support/saved_world.h"

#include <algorithm>
#include <cstring>
#include <sstream>
#include <type_traits>

#include "models/masters/modbus_master.h"
#include "platform/metering_firmware.h"

namespace test {

namespace hal = metrology::hal;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::pins::ps_per_us;

// --- saved as bytes -----------------------------------------------------------------------------

namespace {

template <typename Plain>
void put(std::string& out, const Plain& value) {
  static_assert(std::is_trivially_copyable_v<Plain>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <typename Plain>
void put(std::string& out, const std::vector<Plain>& values) {
  put(out, values.size());
  for (const Plain& value : values) put(out, value);
}
template <typename Plain>
void take(const char*& from, Plain& value) {
  std::memcpy(&value, from, sizeof value);
  from += sizeof value;
}
template <typename Plain>
void take(const char*& from, std::vector<Plain>& values) {
  std::size_t count = 0;
  take(from, count);
  values.resize(count);
  for (Plain& value : values) take(from, value);
}

}  // namespace

std::string bytes_of(const SavedWorld& saved) {
  std::string out;
  put(out, saved.meter.hardware);
  put(out, saved.meter.clock);
  put(out, saved.meter.adc_worked_out);
  put(out, saved.meter.firmware);
  put(out, saved.meter.damaged_flash);
  put(out, saved.meter.base);
  put(out, saved.meter.instant);
  put(out, saved.eeprom);
  put(out, saved.display);
  put(out, saved.s0);
  put(out, saved.led);
  return out;
}

SavedWorld saved_world_of(const std::string& bytes) {
  SavedWorld saved{};
  const char* from = bytes.data();
  take(from, saved.meter.hardware);
  take(from, saved.meter.clock);
  take(from, saved.meter.adc_worked_out);
  take(from, saved.meter.firmware);
  take(from, saved.meter.damaged_flash);
  take(from, saved.meter.base);
  take(from, saved.meter.instant);
  take(from, saved.eeprom);
  take(from, saved.display);
  take(from, saved.s0);
  take(from, saved.led);
  return saved;
}

// --- what is recorded ---------------------------------------------------------------------------

void WorldRecords::record(Ps t, std::string_view instance, std::string_view event,
                          std::initializer_list<models::pins::Field> fields) {
  std::ostringstream line;
  // Before kernel time 0 the sum wraps to what it is.
  line << instance << ' ' << t + zero_ << ' ' << event;
  for (const models::pins::Field& field : fields) {
    line << ' ' << field.name << '=';
    if (const auto* flag = std::get_if<bool>(&field.value)) line << *flag;
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) line << *number;
    if (const auto* number = std::get_if<std::uint64_t>(&field.value)) line << *number;
    if (const auto* number = std::get_if<double>(&field.value)) line << *number;
    if (const auto* text = std::get_if<std::string_view>(&field.value)) line << *text;
    if (const auto* instant = std::get_if<models::pins::Instant>(&field.value)) {
      line << static_cast<Ps>(instant->since_zero) + zero_;
    }
  }
  lines.push_back(line.str());
}

// --- the world ----------------------------------------------------------------------------------

namespace {

/// 50 Hz whose amplitude steps, as the kernel sees it from `zero` on.
class LoadedSource : public models::pins::AnalogSource {
 public:
  LoadedSource(double amplitude, int third, const SavedWorldSpec& spec)
      : amplitude_(amplitude), third_(third), zero_(spec.zero), rectangles_(spec.rectangles) {}

  void piece_at(Ps t, models::pins::Piece& piece) const override {
    const Ps half = cycle / 2;
    static constexpr double parts[] = {1, 0.25, 0.7};
    const Ps in_world = t + zero_;
    const Ps late = static_cast<Ps>(third_) * cycle / 3;  // by so much after L1
    const double amplitude = amplitude_ * parts[in_world / step % 3];
    Ps begin = in_world / step * step;
    Ps end = begin + step;
    piece.dc = 0;
    piece.tones.clear();
    if (rectangles_) {
      const Ps number = (in_world + cycle - late) / half;
      const Ps edge = number * half + late;  // a cycle later than it is
      if (edge > cycle) begin = std::max(begin, edge - cycle);
      end = std::min(end, edge + half - cycle);
      piece.dc = number % 2 == 0 ? amplitude : -amplitude;
    } else {
      const auto turns = static_cast<double>((zero_ + cycle - late) % cycle);
      piece.tones.push_back({amplitude, 50'000'000'000, 0, turns / static_cast<double>(cycle)});
    }
    piece.start = begin > zero_ ? begin - zero_ : 0;
    piece.end = end - zero_;
  }

 private:
  static constexpr Ps cycle = 20 * ps_per_ms;
  static constexpr Ps step = 470 * ps_per_ms + 13;
  double amplitude_;
  int third_;
  Ps zero_;
  bool rectangles_;
};

constexpr Ps core_clock = 39'800;
constexpr Ps first_request = 200 * ps_per_ms + 1234;
constexpr Ps request_interval = 83 * ps_per_ms + 777;
constexpr Ps sign_on = 150 * ps_per_ms + 5;
constexpr Ps mains_lost = 1300 * ps_per_ms + 3;
constexpr Ps rail_lost = 1340 * ps_per_ms;
constexpr Ps rail_back = 1420 * ps_per_ms + 17;

}  // namespace

/// A line on which everything that the others say is known from the first on.
class World::Wire : public models::pins::LinePort {
 public:
  Wire(std::string instance, models::pins::EventSink& sink, Ps zero)
      : instance_(std::move(instance)), sink_(sink), zero_(zero) {}

  /// Frames of 11 bits or less, the start bit first; `at` in the world's time, after all before.
  void say(Ps at, const std::vector<std::uint32_t>& characters, int bits, Ps baud) {
    for (std::size_t n = 0; n < characters.size(); ++n) {
      for (int k = 0; k < bits; ++k) {
        const bool mark = (characters[n] >> k & 1U) != 0;
        const auto bit = static_cast<Ps>(bits) * n + static_cast<Ps>(k);
        if (mark != marking_) changes_.push_back(at + bit * ps_per_s / baud);
        marking_ = mark;
      }
    }
  }

  void drive(Ps t, models::pins::LineDrive what) override {
    // At its first clock edge a meter tells a new line what it does to it already.
    if (joined_at_ != ps_never && t + zero_ - joined_at_ <= core_clock) return;
    sink_.record(t, instance_, "drive", {{"what", std::int64_t{static_cast<int>(what)}}});
  }
  void cut(Ps t) override { sink_.record(t, instance_, "cut", {}); }
  std::uint64_t marks_at(const Ps* instants, int count) const override {
    std::uint64_t marks = 0;
    for (int n = 0; n < count; ++n) {
      const auto after = std::upper_bound(changes_.begin(), changes_.end(), instants[n] + zero_);
      const bool mark = (after - changes_.begin()) % 2 == 0;
      marks |= static_cast<std::uint64_t>(mark) << n;
    }
    return marks;
  }
  Ps next_fall(Ps from) const override {
    auto fall = std::lower_bound(changes_.begin(), changes_.end(), from + zero_);
    if (fall != changes_.end() && (fall - changes_.begin()) % 2 != 0) ++fall;
    return fall == changes_.end() ? ps_never : *fall - zero_;
  }
  void joined(Ps world_time) { joined_at_ = world_time; }

 private:
  std::string instance_;
  models::pins::EventSink& sink_;
  Ps zero_;
  Ps joined_at_ = ps_never;
  std::vector<Ps> changes_;  ///< even ones fall
  bool marking_ = true;
};

World::World(const SavedWorldSpec& spec)
    : records(spec.zero),
      spec_(spec),
      script_(spec.end - spec.zero),
      eeprom_({"m1.eeprom", 0x50, 5 * ps_per_ms, 7}, records),
      display_("m1.display", records),
      s0_("m1.s0_forward", "m1.diagnostic", records, {}),
      led_("m1.led_active", records),
      bus_(std::make_unique<Wire>("bus", records, spec.zero)),
      head_(std::make_unique<Wire>("head", records, spec.zero)) {
  platform::MeterConfig config;
  config.parameters.magic = hal::parameter_page_magic;
  config.parameters.variant = hal::MeterVariant::mod;
  config.parameters.s0_rate_centi = 1'000'000;
  config.sync = spec.sync;
  config.crystal_ppb = spec.crystal_ppb;
  config.seed = 11;
  config.adc_noise_codes.fill(spec.noise_codes);
  config.trace_bus = true;
  config.trace_lcd = spec.trace_lcd;
  config.base = spec.base + spec.zero;
  config.awaits_state = spec.awaits_state;
  platform::MeterTerminals terminals;
  for (std::size_t k = 0; k < terminals.analog.size(); ++k) {
    const double amplitude = k < 3 ? 325.27 : k < 6 ? 84.85 : 0;
    sources_.push_back(std::make_unique<LoadedSource>(amplitude, static_cast<int>(k % 3), spec));
    terminals.analog[k] = sources_.back().get();
  }
  terminals.pulse[static_cast<std::size_t>(hal::PulseChannel::s0_forward)] = &s0_;
  terminals.pulse[static_cast<std::size_t>(hal::PulseChannel::led_active)] = &led_;
  terminals.glass = &display_;
  terminals.i2c_device = &eeprom_;
  terminals.bus = bus_.get();
  terminals.ir = head_.get();
  meter_ = std::make_unique<platform::Meter>(config, terminals, platform::metering_firmware(),
                                             records, script_);
  plan();
}

World::~World() = default;

bool World::waveform_changes(Ps from, Ps to) {
  SavedWorldSpec spec;
  spec.rectangles = true;
  models::pins::Piece piece;
  for (int third = 0; third < 3; ++third) {
    LoadedSource(1, third, spec).piece_at(from, piece);
    if (piece.end <= to) return true;
  }
  return false;
}

void World::at(Ps t, std::function<void()> what) {
  if (t >= spec_.from && t < spec_.end) script_.at(t - spec_.zero, std::move(what));
}

void World::plan() {
  const auto now = [] { return sc_core::sc_time_stamp().value(); };
  for (Ps t = first_request; t < spec_.end; t += request_interval) {
    std::vector<std::uint32_t> frames;
    for (const auto& character : models::masters::read_request(1, 3, 0x5000, 12).characters) {
      const bool odd = (__builtin_popcount(character.byte) & 1) != 0;
      frames.push_back(std::uint32_t{character.byte} << 1U | (odd ? 1U << 9U : 0U) | 1U << 10U);
    }
    bus_->say(t, frames, 11, 9600);
  }
  std::vector<std::uint32_t> frames;
  for (const char letter : std::string("/?!\r\n")) {
    const auto code = static_cast<unsigned char>(letter);
    const bool odd = (__builtin_popcount(code) & 1) != 0;
    frames.push_back(std::uint32_t{code} << 1U | (odd ? 1U << 8U : 0U) | 1U << 9U);
  }
  head_->say(sign_on, frames, 10, 300);
  // Bounces are for the button's own model.
  for (Ps t = 260 * ps_per_ms; t < spec_.end; t += 190 * ps_per_ms) {
    for (const bool pressed : {true, false}) {
      at(t + (pressed ? 0 : 90 * ps_per_ms) + 11, [this, now, pressed] {
        meter_->gpio_input(hal::GpioPin::button_right).drive(now(), pressed);
      });
    }
  }
  for (Ps t = 7 * ps_per_ms; t < spec_.end; t += 10 * ps_per_ms) {
    for (const bool conducts : {true, false}) {
      at(t + (conducts ? 0 : 8 * ps_per_ms), [this, now, conducts] {
        meter_->gpio_input(hal::GpioPin::tariff_input).drive(now(), conducts);
      });
    }
  }
  for (Ps t = 500 * ps_per_ms; t < spec_.end; t += 300 * ps_per_ms) {
    const auto ppb = static_cast<std::int32_t>(t / ps_per_ms * 37 % 90'000) - 45'000;
    at(t + 1, [this, ppb] { meter_->set_crystal_ppb(ppb); });
  }
  at(630 * ps_per_ms, [this] {
    meter_->debug_port().write_row(
        0x1066, {0x447A'0000}, [this](const platform::DebugReply& reply) {
          records.record(reply.at, "engine", "reply",
                         {{"status", std::int64_t{static_cast<int>(reply.status)}}});
        });
  });
  at(700 * ps_per_ms, [this] { meter_->damage_flash(hal::program_block_base + 64, 0x10); });
  at(mains_lost, [this, now] { meter_->supply_input().mains(now(), false); });
  at(rail_lost, [this, now] { meter_->supply_input().rail(now(), false); });
  at(rail_back, [this, now] {
    meter_->supply_input().mains(now(), true);
    meter_->supply_input().rail(now(), true);
  });
}

Ps World::now() const { return sc_core::sc_time_stamp().value() + spec_.zero; }

void World::run_until(Ps t) {
  if (t > now()) sc_core::sc_start(sc_core::sc_time::from_value(t - now()));
}

SavedWorld World::saved() const {
  return SavedWorld{meter_->state(), eeprom_.state(), display_.state(), s0_.state(), led_.state()};
}

void World::restore(SavedWorld saved) {
  if (saved.meter.base != meter_->config().base) {
    const auto by = static_cast<Ps>(meter_->config().base - saved.meter.base);
    rebase(saved.eeprom, by);
    rebase(saved.display, by);
    rebase(saved.s0, by);
    rebase(saved.led, by);
    bus_->joined(now());
    head_->joined(now());
  }
  eeprom_.restore(saved.eeprom);
  display_.restore(saved.display);
  s0_.restore(saved.s0);
  led_.restore(saved.led);
  meter_->restore(saved.meter);
}

}  // namespace test
