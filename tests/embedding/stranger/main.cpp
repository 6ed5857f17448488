// Somebody else's SystemC model with two meters in it. One is driven by signals that a process
// samples, the other by a grid in closed form; both stand on 3 × 230 V, 5 A. A process counts their
// S0 pulses, a finger presses a button, a Modbus master that is all its own reads a register bit by
// bit, and at last the second meter loses its supply. Prints what came out; 0 if all of it is
// right.
#include <vmeter.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <vector>

#include "models/grid/grid.h"

namespace {

using sc_core::sc_time;

constexpr double rms_V = 230;
constexpr double rms_A = 5;
constexpr double mains_Hz = 50;
constexpr double pi = 3.141592653589793;
constexpr std::uint32_t s0_centi = 1'000'000;  // 10 000 imp/kWh
const sc_time step(10, sc_core::SC_US);
const sc_time bit(1e9 / 9600, sc_core::SC_NS);

/// Three phases as a process that wakes every 10 µs would tell them.
struct SampledMains : sc_core::sc_module {
  SC_HAS_PROCESS(SampledMains);
  sc_core::sc_vector<sc_core::sc_out<double>> volts{"volts", 3};
  sc_core::sc_vector<sc_core::sc_out<double>> amperes{"amperes", 3};

  explicit SampledMains(const sc_core::sc_module_name& name) : sc_module(name) { SC_THREAD(run); }
  void run() {
    for (;; wait(step)) {
      const double turns = mains_Hz * sc_core::sc_time_stamp().to_seconds();
      for (int phase = 0; phase < 3; ++phase) {
        const double unit = std::sqrt(2.0) * std::sin(2 * pi * (turns - phase / 3.0));
        volts[phase].write(rms_V * unit);
        amperes[phase].write(rms_A * unit);
      }
    }
  }
};

/// Rising edges in [from, to).
struct PulseCounter : sc_core::sc_module {
  SC_HAS_PROCESS(PulseCounter);
  sc_core::sc_in<bool> pulse{"pulse"};
  const sc_time from{2, sc_core::SC_SEC};
  const sc_time to{6, sc_core::SC_SEC};
  int count = 0;

  explicit PulseCounter(const sc_core::sc_module_name& name) : sc_module(name) {
    SC_METHOD(see);
    sensitive << pulse.pos();
    dont_initialize();
  }
  void see() {
    const sc_time now = sc_core::sc_time_stamp();
    if (now >= from && now < to) ++count;
  }
};

std::uint16_t crc16(const std::vector<std::uint8_t>& bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int n = 0; n < 8; ++n) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
  }
  return static_cast<std::uint16_t>(crc);
}

bool parity_of(unsigned byte) {
  bool odd = false;
  for (; byte != 0; byte &= byte - 1) odd = !odd;
  return odd;
}

/// Asks at 9600 Bd, 8E1, and hears what comes back, a level at a time.
struct Master : sc_core::sc_module {
  SC_HAS_PROCESS(Master);
  sc_core::sc_out<bool> tx{"tx"};
  sc_core::sc_in<bool> rx{"rx"};
  sc_core::sc_in<bool> driver{"driver"};  ///< the meter's
  std::vector<std::uint8_t> answer;
  bool parity_good = true;
  bool driver_was_on = true;

  explicit Master(const sc_core::sc_module_name& name) : sc_module(name) {
    SC_THREAD(ask);
    SC_THREAD(hear);
  }
  void ask() {
    tx.write(true);
    wait(3, sc_core::SC_SEC);
    std::vector<std::uint8_t> request{0x01, 0x03, 0x20, 0x08, 0x00, 0x02};  // voltage of L1
    const std::uint16_t crc = crc16(request);
    request.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    request.push_back(static_cast<std::uint8_t>(crc >> 8));
    for (const std::uint8_t byte : request) {
      put(false);
      for (int n = 0; n < 8; ++n) put((byte >> n & 1) != 0);
      put(parity_of(byte));
      put(true);
    }
  }
  void put(bool mark) {
    tx.write(mark);
    wait(bit);
  }
  void hear() {
    for (;;) {
      wait(rx.negedge_event());
      driver_was_on = driver_was_on && driver.read();
      wait(bit * 1.5);
      unsigned byte = 0;
      for (int n = 0; n < 8; ++n, wait(bit)) byte |= (rx.read() ? 1u : 0u) << n;
      parity_good = parity_good && rx.read() == parity_of(byte);
      answer.push_back(static_cast<std::uint8_t>(byte));
      wait(bit);
    }
  }
};

/// Presses the left button at 4 s, which stops the scrolling, and at 4.5 s; takes meter B's supply
/// away at 7 s.
struct Hand : sc_core::sc_module {
  SC_HAS_PROCESS(Hand);
  sc_core::sc_out<bool> button{"button"};
  sc_core::sc_out<bool> supply{"supply"};

  explicit Hand(const sc_core::sc_module_name& name) : sc_module(name) { SC_THREAD(act); }
  void act() {
    supply.write(true);
    wait(4, sc_core::SC_SEC);
    for (int n = 0; n < 2; ++n) {
      button.write(true);
      wait(100, sc_core::SC_MS);
      button.write(false);
      wait(400, sc_core::SC_MS);
    }
    wait(2, sc_core::SC_SEC);
    supply.write(false);
  }
};

int failures = 0;

void check(bool good, const char* what) {
  std::cout << (good ? "  right  " : "  WRONG  ") << what << '\n';
  if (!good) ++failures;
}

}  // namespace

int sc_main(int, char**) {
  models::grid::Grid grid;
  for (int phase = 0; phase < 3; ++phase) {
    grid.schedule_voltage(phase, 0, {rms_V, -120.0 * phase, {}});
    models::grid::CurrentSpec current;
    current.rms_A = rms_A;
    grid.schedule_current(phase, 0, current);
  }

  vmeter::MeterOptions options;
  options.parameters = vmeter::factory_page(metrology::hal::MeterVariant::mod, s0_centi);
  vmeter::Meter a("a", options);
  for (int phase = 0; phase < 3; ++phase) {
    options.analog[phase] = &grid.voltage(phase);
    options.analog[phase + 3] = &grid.current(phase);
  }
  vmeter::Meter b("b", options);

  SampledMains mains("mains");
  sc_core::sc_vector<sc_core::sc_signal<double>> volts("v", 3);
  sc_core::sc_vector<sc_core::sc_signal<double>> amperes("i", 3);
  for (int phase = 0; phase < 3; ++phase) {
    mains.volts[phase].bind(volts[phase]);
    mains.amperes[phase].bind(amperes[phase]);
    a.volts[phase].bind(volts[phase]);
    a.amperes[phase].bind(amperes[phase]);
  }

  sc_core::sc_signal<bool> s0_a("s0_a");
  sc_core::sc_signal<bool> s0_b("s0_b");
  PulseCounter count_a("count_a");
  PulseCounter count_b("count_b");
  a.s0_forward.bind(s0_a);
  count_a.pulse.bind(s0_a);
  b.s0_forward.bind(s0_b);
  count_b.pulse.bind(s0_b);

  sc_core::sc_signal<bool> to_meter("to_meter", true);
  sc_core::sc_signal<bool> from_meter("from_meter", true);
  sc_core::sc_signal<bool> driver("driver");
  Master master("master");
  master.tx.bind(to_meter);
  a.bus_rx.bind(to_meter);
  a.bus_tx.bind(from_meter);
  a.bus_tx_enable.bind(driver);
  master.rx.bind(from_meter);
  master.driver.bind(driver);

  sc_core::sc_signal<bool> button("button");
  sc_core::sc_signal<bool> supply("supply", true);
  sc_core::sc_signal<bool> light("light");
  Hand hand("hand");
  hand.button.bind(button);
  hand.supply.bind(supply);
  a.button_left.bind(button);
  a.backlight.bind(light);
  b.supply.bind(supply);

  sc_core::sc_start(3999, sc_core::SC_MS);
  const bool dark_before = !light.read();
  const std::string before = models::display::text(a.glass());
  double frequency = 0;
  a.read_row(0x2020, [&frequency](const platform::DebugReply& reply) {
    float value;
    std::memcpy(&value, reply.words.data(), sizeof value);
    frequency = value;
  });
  sc_core::sc_start(1001, sc_core::SC_MS);
  const std::string after = models::display::text(a.glass());
  const bool lit_after = light.read();
  sc_core::sc_start(2400, sc_core::SC_MS);
  const bool held_up = b.inside().powered();
  sc_core::sc_start(200, sc_core::SC_MS);

  // 3 · 230 V · 5 A for 4 s are 13 800 J, 38.33 pulses; a staircase of 10 µs lacks 8e-7 of it.
  const double pulses = 3 * rms_V * rms_A * 4 / 3.6e6 * (s0_centi / 100.0);
  std::cout << "pulses: a " << count_a.count << ", b " << count_b.count << ", energy " << pulses
            << "\ndisplay: [" << before << "] then [" << after << "]\nanswer:";
  for (const unsigned byte : master.answer) std::cout << ' ' << std::hex << byte << std::dec;
  std::cout << "\nfrequency " << frequency << " Hz\n";
  check(std::abs(count_a.count - pulses) < 1, "pulses of the meter on sampled signals");
  check(std::abs(count_b.count - pulses) < 1, "pulses of the meter on a grid");
  check(dark_before && lit_after, "a button puts the light on");
  check(before != after, "and a second press turns the page");

  // 01 03 04, a float of big-endian bytes, a CRC over which the CRC is 0.
  check(master.answer.size() == 9 && crc16(master.answer) == 0 && master.answer[2] == 4,
        "a whole answer");
  check(master.parity_good && master.driver_was_on && !driver.read(), "parity, and the driver");
  float volts_read = 0;
  if (master.answer.size() == 9) {
    const auto& b4 = master.answer;
    const std::uint32_t word = std::uint32_t{b4[3]} << 24 | b4[4] << 16 | b4[5] << 8 | b4[6];
    std::memcpy(&volts_read, &word, sizeof volts_read);
  }
  std::cout << "voltage " << volts_read << " V\n";
  check(std::abs(volts_read - rms_V) < 0.023, "230 V within 0.01 %");
  check(std::abs(frequency - mains_Hz) < 0.0005, "50 Hz at the debug port");
  check(held_up && !b.inside().powered() && a.inside().powered(),
        "without supply the second meter goes dark when its capacitor is empty");
  return failures == 0 ? 0 : 1;
}
