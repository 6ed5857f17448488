#include "tests/metrology/rv32/digest.h"

#include <cstring>

#include "metrology/app/program_block.h"
#include "metrology/app/time_axis.h"
#include "metrology/energy/booking.h"
#include "metrology/energy/measurements.h"
#include "metrology/energy/pulse_output.h"
#include "metrology/protocol/iec62056/obis.h"
#include "metrology/protocol/iec62056/readout.h"
#include "metrology/protocol/iec62056/session.h"
#include "metrology/protocol/mbus/application.h"
#include "metrology/protocol/mbus/slave.h"
#include "metrology/protocol/modbus/register_access.h"
#include "metrology/protocol/modbus/slave.h"
#include "metrology/registers/access.h"
#include "metrology/registers/table.h"
#include "metrology/signal/signal_path.h"
#include "metrology/ui/page_table.h"
#include "metrology/ui/panel.h"
#include "metrology/ui/render.h"

namespace digest {

namespace {

using namespace metrology;

/// FNV-1a over bytes in a fixed order, so that it does not depend on layout or padding.
class Hash {
 public:
  template <typename Integer>
  void add(Integer value) {
    auto bits = static_cast<std::uint64_t>(value);
    for (int n = 0; n < 8; ++n, bits >>= 8U) {
      state_ = (state_ ^ (bits & 0xFFU)) * 0x100000001B3U;
    }
  }
  void add_bits(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    add(bits);
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325U;
};

/// amplitude · sin(phase turns / 2^32) by Bhaskara's rational approximation, within 0.2 %: its
/// harmonics make the samples no poorer for this purpose.
std::int32_t wave(std::uint32_t phase, std::int32_t amplitude) {
  const std::int64_t half_turn = std::int64_t{1} << 31U;
  const std::int64_t x = phase & 0x7FFF'FFFFU;
  const std::int64_t product = (x >> 8U) * ((half_turn - x) >> 8U);  // below 2^46
  const std::int64_t denominator = (std::int64_t{5} << 46U) / 4 - product;
  const std::int64_t sine = (product * 4 / (denominator >> 16U));  // × 2^16
  const std::int64_t value = amplitude * sine >> 16U;
  return static_cast<std::int32_t>((phase >> 31U) != 0 ? -value : value);
}

struct Grid {
  std::uint32_t step = 52'428'800;  // turns · 2^32 per sample: 50 Hz
  std::uint32_t phase = 0;
  std::uint32_t noise = 1;

  std::int32_t next_noise() {
    noise = noise * 1664525U + 1013904223U;
    return static_cast<std::int32_t>(noise >> 28U) - 8;
  }
};

/// Fills a block: 230 V on three phases; currents that rise from block to block, L2 exporting, L3
/// from no-load on. One L3 sample in 128 is at the end of the ADC's range.
void fill(std::int32_t* block, int number, Grid& grid) {
  constexpr std::uint32_t third = 0x5555'5555U;
  constexpr std::uint32_t lag = 0x1000'0000U;  // 22.5°
  constexpr std::int32_t voltage = 3'410'000;  // 230 V · √2 of 800 V
  const std::int32_t current = 20'000 + number * 9'000;
  grid.step = 52'428'800U + static_cast<std::uint32_t>(number) * 10'007U;
  for (int n = 0; n < hal::block_samples; ++n) {
    grid.phase += grid.step;
    for (int phase = 0; phase < 3; ++phase) {
      const std::uint32_t angle = grid.phase - static_cast<std::uint32_t>(phase) * third;
      std::int32_t amplitude = current;
      if (phase == 1) amplitude = -current / 2;
      if (phase == 2) amplitude = number < 40 ? 100 : current / 3;
      block[phase * hal::block_samples + n] = wave(angle, voltage) + grid.next_noise();
      block[(phase + 3) * hal::block_samples + n] =
          wave(angle - lag, amplitude) + grid.next_noise();
    }
    // 23 °C, and rising.
    block[6 * hal::block_samples + n] = 4'852'121 + number * 4000 + grid.next_noise();
  }
  block[5 * hal::block_samples + number % hal::block_samples] = hal::adc_code_min;
}

class Run {
 public:
  explicit Run(InstructionCounter instructions) : instructions_(instructions) {
    page_.magic = hal::parameter_page_magic;
    page_.variant = hal::MeterVariant::mod_ct;
    page_.ct_primary_A = 250;
    page_.s0_rate_centi = 1'000'000;
    page_.calibration[0] = {123, -321, 700, 5800, 20'000, -35'000, -3000, 900, -700};
    page_.calibration[1] = {-5000, 4000, -32'000, 0, 0, 0, 0, -100'000, 50'000};
    page_.calibration[2] = {0, 0, 0, 10'000, -500'000, 500'000, 20'000, 0, 0};
    booking_setup_ = energy::make_booking_setup(page_, energy::reference_conditions);
    measurement_setup_ = energy::make_measurement_setup(page_, energy::reference_conditions);
    setup_ = {{fine_delay_of(0), fine_delay_of(1), fine_delay_of(2)}};
    signal::reset(signal_);
    energy::reset(measurement_);
    energy::reset(pulses_, page_.s0_rate_centi);
    settings_ = registers::factory_settings(page_);
  }

  void block(int number) {
    std::int32_t samples[hal::block_words];
    fill(samples, number, grid_);
    signal::Window windows[signal::max_windows_per_block];
    int count = 0;
    measure(result_.worst.block,
            [&] { count = signal::process_block(signal_, setup_, samples, windows); });
    now_ = std::int64_t{number + 1} * hal::block_samples * hal::core_cycles_per_sample;
    start_pulses();
    for (int n = 0; n < count; ++n) take(windows[n], samples);
    // In the middle of a window, with fraction and debt: change the rate there and back.
    if (number % 50 == 49) {
      energy::change_s0_rate(pulses_, number == 49 ? 10'000 : 1'000'000, now_);
      plan_all();
    }
  }

  Result finish() {
    for (const registers::Row& row : registers::rows) request(row);
    fill_counters();
    for (const ui::Page& page : ui::pages) show(page);
    look_at_program();
    read_over_modbus();
    write_over_modbus();
    talk_over_ir();
    talk_over_mbus();
    live();
    for (const energy::OutputState& output : pulses_.output) {
      hash_.add(output.fraction);
      hash_.add(output.balance);
      result_.pulses += static_cast<std::uint32_t>(output.pulses);
    }
    result_.digest = hash_.value();
    return result_;
  }

 private:
  template <typename Stage>
  void measure(std::uint32_t& worst, const Stage& stage) {
    const std::uint32_t before = instructions_();
    stage();
    const std::uint32_t used = instructions_() - before;
    if (used > worst) worst = used;
  }

  std::int32_t fine_delay_of(int phase) const {
    return energy::current_delay(page_.calibration[phase], conditions_);
  }

  void take(const signal::Window& window, const std::int32_t* samples) {
    hash_.add(window.begin);
    hash_.add(window.end);
    hash_.add(window.regular ? 1 : 0);
    for (const signal::PhaseSums& sums : window.phase) {
      hash_.add(sums.u2);
      hash_.add(sums.i2);
      hash_.add(sums.p);
      hash_.add(sums.q);
    }
    ++result_.windows;
    energy::PulseEnergies energies{};
    bool second = false;
    if (result_.windows % 7 == 3) change_tariff(window);
    measure(result_.worst.book, [&] {
      energy::judge(status_.phases, page_.connection, window);
      energies = energy::book(energy_, booking_setup_, window);
      second = energy::accumulate(measurement_, window);
    });
    measure(result_.worst.settle, [&] {
      energy::settle(pulses_, now_);
      energy::push(pulses_,
                   {app::play_ticks(window.begin, 0), app::play_ticks(window.end, 0), energies});
    });
    plan_all();
    if (second) refresh(samples);
  }

  /// Two changes in the window that is booked next: it never has more block boundaries.
  void change_tariff(const signal::Window& window) {
    const std::int64_t length = window.end - window.begin;
    for (int n = 1; n <= 2; ++n) {
      const bool to_t1 = energy::newest_tariff(energy_) == energy::Tariff::t2;
      energy::change_tariff(energy_, window.begin + length * n / 3,
                            to_t1 ? energy::Tariff::t1 : energy::Tariff::t2);
    }
  }

  void refresh(const std::int32_t* samples) {
    bool still[energy::phase_count] = {};
    for (int phase = 0; phase < energy::phase_count; ++phase) {
      still[phase] = energy::no_load(energy_, booking_setup_, phase);
    }
    measure(result_.worst.refresh,
            [&] { energy::refresh(measurement_, measurement_setup_, still); });
    energy::Measurements& values = measurement_.values;
    hash_.add_bits(values.frequency_Hz);
    measure(result_.worst.correction, [&] {
      values.temperature_C = energy::temperature_of(samples + 6 * hal::block_samples);
      energy::note_temperature(conditions_, values.temperature_C);
      energy::note_frequency(conditions_, values.frequency_Hz);
      for (int phase = 0; phase < energy::phase_count; ++phase) {
        setup_.current_delay[phase] = fine_delay_of(phase);
      }
      booking_setup_ = energy::make_booking_setup(page_, conditions_);
      measurement_setup_ = energy::make_measurement_setup(page_, conditions_);
    });
    hash_.add_bits(values.temperature_C);
    for (const std::int32_t delay : setup_.current_delay) hash_.add(delay);
    for (int phase = 0; phase < energy::phase_count; ++phase) {
      hash_.add_bits(values.voltage_V[phase]);
      hash_.add_bits(values.current_A[phase]);
    }
    for (int index = 0; index < energy::value_count; ++index) {
      hash_.add_bits(values.active_W[index]);
      hash_.add_bits(values.reactive_var[index]);
      hash_.add_bits(values.apparent_VA[index]);
      hash_.add_bits(values.power_factor[index]);
    }
  }

  void plan_all() {
    for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
      measure(result_.worst.plan, [&] { plans_[channel] = energy::plan(pulses_, channel, now_); });
    }
  }

  /// Starts what was planned up to now, and all that follows from it.
  void start_pulses() {
    for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
      energy::PulsePlan& plan = plans_[channel];
      while (plan.known && plan.start_cycle <= now_) {
        hash_.add(plan.start_cycle);
        hash_.add(plan.width_cycles);
        energy::pulse_started(pulses_, channel, plan.start_cycle, plan.width_cycles);
        measure(result_.worst.plan,
                [&] { plan = energy::plan(pulses_, channel, plan.start_cycle); });
      }
      hash_.add(energy::debt(pulses_, channel, now_));
    }
  }

  void request(const registers::Row& row) {
    const registers::MeterData data{page_,   settings_, measurement_.values,
                                    energy_, pulses_,   diagnostics_,
                                    tariff_, status_,   now_};
    std::uint8_t bytes[registers::max_row_bytes];
    registers::Raw raw{};
    std::int64_t steps = 0;
    measure(result_.worst.request, [&] {
      registers::read(data, row, bytes);
      steps = registers::steps(data, row);
      raw = registers::read_raw(data, row);
    });
    for (int n = 0; n < row.bytes; ++n) hash_.add(bytes[n]);
    hash_.add(steps);
    hash_.add_bits(raw.value);
    hash_.add(raw.energy.counter_uWh);
    hash_.add(raw.energy.residue_pWh);
  }

  /// Counters that take all eight digits: T1 and T2 together 999 999.99.
  void fill_counters() {
    energy::Accounts& accounts = energy_.accounts;
    energy::Account* const all[] = {&accounts.phase[0], &accounts.phase[1], &accounts.phase[2],
                                    &accounts.total};
    for (energy::Account* account : all) {
      for (auto& tariff : account->counter) {
        for (auto& kind : tariff) {
          for (energy::EnergyCounter& counter : kind) counter = {499'999'999'999'999, 999'999};
        }
      }
    }
  }

  void look_at_program() {
    app::ProgramCheck check{};
    app::begin(check);
    while (check.under_way) {
      measure(result_.worst.slice, [&] {
        app::check_slice(check, reinterpret_cast<const std::int32_t*>(app::program_block()));
      });
    }
    hash_.add(check.crc);
  }

  /// The 75 registers from 6000 on: 36 energies, tariff, day counter.
  void read_over_modbus() {
    const std::uint8_t request[] = {1, 3, 0x60, 0x00, 0x00, 0x4B, 0x1B, 0xFD};
    for (int n = 0; n < 8; ++n) hear(request[n], n == 0);
    answer(result_.worst.modbus);
  }

  /// 123 registers at once, which no row takes: the CRC is what costs.
  void write_over_modbus() {
    std::uint8_t request[255] = {1, 0x10, 0x10, 0x66, 0x00, 0x7B, 0xF6};
    const std::uint16_t crc = modbus::crc16(request, 253);
    request[253] = static_cast<std::uint8_t>(crc & 0xFFU);
    request[254] = static_cast<std::uint8_t>(crc >> 8U);
    for (int n = 0; n < 255; ++n) hear(request[n], n == 0);
    answer(result_.worst.write);
  }

  void hear(std::uint8_t byte, bool first) {
    measure(result_.worst.character, [&] { modbus::take(slave_, {byte, false, false, first}, 1); });
  }

  void answer(std::uint32_t& worst) {
    const registers::MeterData data{page_,   settings_, measurement_.values,
                                    energy_, pulses_,   diagnostics_,
                                    tariff_, status_,   now_};
    const auto refuse = [](void*, const registers::Row&, registers::Port, const std::uint8_t*) {
      return registers::WriteResult::bad_value;
    };
    const modbus::Bank bank{data, true, false, nullptr, refuse};
    modbus::Answer answer{};
    measure(worst, [&] {
      modbus::Request request{};
      if (modbus::end_frame(slave_, request)) modbus::carry_out(request, 1, bank, answer);
    });
    hash_.add(answer.size);
    for (int n = 0; n < answer.size; ++n) hash_.add(answer.bytes[n]);
  }

  // --- infra-red ---

  /// A whole dialogue: the readout, the password, every row, the last code of the table, and what
  /// costs most to write.
  void talk_over_ir() {
    ir_say("/?000000000000000000000000000000!\r\n", false);
    ir_say("/?!\r\n", false);
    ir_say(
        "\x06"
        "050\r\n",
        false);
    read_out();
    ir_say("/?!\r\n", false);
    ir_say(
        "\x06"
        "051\r\n",
        false);
    ir_say("\x01P1\x02(00000000)\x03", true);
    char read_row[] =
        "\x01R1\x02"
        "0000()\x03";
    for (const registers::Row& row : registers::rows) {
      for (unsigned n = 0; n < 4; ++n) {
        read_row[4 + n] = "0123456789ABCDEF"[(row.address >> (12 - 4 * n)) & 0xFU];
      }
      ir_say(read_row, true);
    }
    ir_say(
        "\x01R5\x02"
        "73.7.0()\x03",
        true);
    ir_say(
        "\x01R5\x02"
        "99.9.0()\x03",
        true);
    ir_say(
        "\x01W1\x02"
        "1066(0.01)\x03",
        true);
    ir_say(
        "\x01W1\x02"
        "1600(930000000000000101)\x03",
        true);
    ir_say(
        "\x01W5\x02"
        "96.14.0(2)\x03",
        true);
    ir_say(
        "\x01"
        "B0\x03",
        true);
  }

  /// A message, with its BCC if it has one, as one piece, and what is sent thereupon.
  void ir_say(const char* text, bool checked) {
    std::uint8_t check = 0;
    for (const char* c = text; *c != '\0'; ++c) {
      if (c != text) check = static_cast<std::uint8_t>(check ^ static_cast<unsigned char>(*c));
      ir_hear(static_cast<std::uint8_t>(*c));
    }
    if (checked) ir_hear(check);
    const registers::MeterData data{page_,   settings_, measurement_.values,
                                    energy_, pulses_,   diagnostics_,
                                    tariff_, status_,   now_};
    const auto refuse = [](void*, const registers::Row&, registers::Port, const std::uint8_t*) {
      return registers::WriteResult::bad_value;
    };
    iec62056::Reply reply{};
    measure(result_.worst.ir_message, [&] {
      reply = iec62056::end_piece(session_, 0, {data, nullptr, refuse});
    });
    iec62056::sent(session_, 0);
    hash_.add(static_cast<int>(reply.kind));
    for (int n = 0; n < session_.answer.size; ++n) hash_.add(session_.answer.bytes[n]);
  }

  void ir_hear(std::uint8_t byte) {
    measure(result_.worst.ir_character, [&] { iec62056::take(session_, {byte, false, false}); });
  }

  void read_out() {
    const registers::MeterData data{page_,   settings_, measurement_.values,
                                    energy_, pulses_,   diagnostics_,
                                    tariff_, status_,   now_};
    iec62056::Readout readout{};
    iec62056::begin(readout);
    while (!iec62056::is_complete(readout)) {
      iec62056::Answer piece{};
      measure(result_.worst.ir_line, [&] { iec62056::next_piece(readout, data, piece); });
      for (int n = 0; n < piece.size; ++n) hash_.add(piece.bytes[n]);
    }
  }

  /// Everything, telegram by telegram, with counters and powers of many digits, some negative and
  /// some beyond all decades; then the longest write that is tried whole and refused at its end.
  void talk_over_mbus() {
    mbus::reset(mbus_application_);
    mbus::reset(mbus_slave_.receiver, true);
    static constexpr std::uint8_t reset_all[] = {0x68, 4, 4, 0x68, 0x53, 1, 0x50, 0x00, 0xA4, 0x16};
    ask_mbus(reset_all, sizeof(reset_all), result_.worst.mbus_write);
    measurement_.values.active_W[0] = -123'456'789.0;
    measurement_.values.reactive_var[1] = 9.9e12;
    measurement_.values.current_A[2] = -7499.99;
    for (int telegram = 0; telegram < 4; ++telegram) {
      const auto c = static_cast<std::uint8_t>(telegram % 2 == 0 ? 0x7B : 0x5B);
      const std::uint8_t request[] = {0x10, c, 1, static_cast<std::uint8_t>(c + 1), 0x16};
      ask_mbus(request, sizeof(request), result_.worst.mbus_answer);
    }
    std::uint8_t write[mbus::max_frame_bytes] = {0x68, 255, 255, 0x68, 0x53, 1, 0x51};
    int count = 7;
    constexpr std::uint8_t tariff[] = {0x02, 0xFF, 0x04, 0x02, 0x00};  // late in the table
    for (int n = 0; n < 15; ++n) {
      for (const std::uint8_t byte : tariff) write[count++] = byte;
    }
    constexpr std::uint8_t rate[] = {0x05, 0xFF, 0x01, 0x00, 0x00, 0x7A, 0x44};
    for (const std::uint8_t byte : rate) write[count++] = byte;
    while (count < mbus::max_frame_bytes - 2) write[count++] = 0x2F;
    for (int n = 4; n < count; ++n) {
      write[count] = static_cast<std::uint8_t>(write[count] + write[n]);
    }
    write[count + 1] = 0x16;
    ask_mbus(write, mbus::max_frame_bytes, result_.worst.mbus_write);
  }

  void ask_mbus(const std::uint8_t* bytes, int count, std::uint32_t& worst) {
    for (int n = 0; n < count; ++n) {
      measure(result_.worst.mbus_character, [&] {
        mbus::take(mbus_slave_.receiver, {bytes[n], false, false, n == 0});
      });
    }
    mbus::Frame frame{};
    bool whole = false;
    measure(result_.worst.mbus_frame,
            [&] { whole = mbus::end_frame(mbus_slave_.receiver, true, frame); });
    if (!whole) return;
    const registers::MeterData data{page_,   settings_, measurement_.values,
                                    energy_, pulses_,   diagnostics_,
                                    tariff_, status_,   now_};
    const auto write = [](void* context, const registers::Row& row, const std::uint8_t* value) {
      Run& run = *static_cast<Run*>(context);
      return registers::write(
          {run.page_, run.settings_, run.tariff_, run.energy_.accounts, run.status_}, row,
          registers::Port::mbus, value);
    };
    const mbus::Bank bank{data, {1, 0x14501234, 0x14501234}, true, this, write};
    mbus::Answer answer{};
    mbus::Reaction reaction{};
    measure(worst,
            [&] { reaction = mbus::serve(mbus_slave_, mbus_application_, frame, bank, answer); });
    hash_.add(reaction.answered ? answer.size : -1);
    for (int n = 0; n < answer.size; ++n) hash_.add(answer.bytes[n]);
  }

  /// A page of the display with the numbers of the run.
  void show(const ui::Page& page) {
    const registers::MeterData data{page_,   settings_, measurement_.values,
                                    energy_, pulses_,   diagnostics_,
                                    tariff_, status_,   now_};
    ui::Frame frame{};
    measure(result_.worst.page, [&] {
      frame = ui::frame_for(data, {ui::Mode::by_hand, page.number, 0, false});
    });
    for (const std::uint32_t common : frame.common) hash_.add(common);
  }

  /// An hour of the panel, from deadline to deadline, with a press now and then, of one button or
  /// both.
  void live() {
    const ui::PanelSetup setup{page_.variant, ui::make_times(0)};
    ui::PanelState panel{};
    ui::reset(panel, 0);
    ui::Tick next_edge = 100'000;
    bool down = false;
    for (int edges = 0; edges < 200;) {
      const ui::Tick due = ui::next_deadline(panel, setup, settings_);
      measure(result_.worst.panel, [&] {
        if (due < next_edge) {
          ui::advance(panel, setup, settings_, due);
        } else {
          down = !down;
          for (const ui::Button button : ui::buttons_in_order) {
            if (edges % 6 == 4 && button == ui::Button::left) continue;
            ui::edge(panel, setup, settings_, button, down, next_edge);
          }
        }
        hash_.add(ui::view(panel, settings_).page);
      });
      hash_.add(panel.now);
      if (due < next_edge) continue;
      ++edges;
      next_edge += edges % 5 == 0 ? 1'300'000 : 40'000 + 2'000 * edges;
    }
  }

  InstructionCounter instructions_;
  Hash hash_;
  Result result_{};
  Grid grid_;
  std::int64_t now_ = 0;
  hal::ParameterPage page_{};
  registers::Settings settings_{};
  registers::Diagnostics diagnostics_{};
  registers::Status status_{};
  energy::TariffState tariff_{};
  signal::SignalSetup setup_{};
  signal::SignalState signal_{};
  energy::Conditions conditions_ = energy::reference_conditions;
  energy::BookingSetup booking_setup_{};
  energy::EnergyState energy_{};
  energy::MeasurementSetup measurement_setup_{};
  energy::MeasurementState measurement_{};
  energy::PulseState pulses_{};
  energy::PulsePlan plans_[hal::pulse::channel_count]{};
  modbus::Slave slave_{};
  iec62056::Session session_{};
  mbus::Slave mbus_slave_{};
  mbus::Application mbus_application_{};
};

}  // namespace

Result run(int blocks, InstructionCounter instructions) {
  Run run(instructions);
  for (int number = 0; number < blocks; ++number) run.block(number);
  return run.finish();
}

}  // namespace digest
