// libmodbus as a master: libmodbus_master ROWS LINK. Prints what failed; status 0 if nothing did.
#include <fmt/format.h>
#include <modbus.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

using Json = nlohmann::json;
using Bytes = std::vector<std::uint8_t>;

constexpr int requests = 300;
constexpr int default_baud = 9600;
constexpr int other_baud = 1200;

int asked = 0;
int failures = 0;

void fail(const std::string& sentence) {
  fmt::print("{}\n", sentence);
  ++failures;
}

std::string hex(const Bytes& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

/// An open port, and the meter that requests go to.
class Port {
 public:
  explicit Port(const std::string& link, int baud = default_baud, std::uint32_t timeout_ms = 5000)
      : modbus_(modbus_new_rtu(link.c_str(), baud, 'E', 8, 1), modbus_free) {
    if (modbus_connect(modbus_.get()) != 0)
      fail(fmt::format("{}: {}", link, modbus_strerror(errno)));
    modbus_set_response_timeout(modbus_.get(), timeout_ms / 1000, timeout_ms % 1000 * 1000);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { modbus_close(modbus_.get()); }

  /// The bytes of `count` registers; empty without an answer, errno says why.
  Bytes read(int address, int count, int meter = 1) {
    ++asked;
    modbus_set_slave(modbus_.get(), meter);
    std::vector<std::uint16_t> registers(static_cast<std::size_t>(count));
    if (modbus_read_registers(modbus_.get(), address, count, registers.data()) != count) return {};
    Bytes bytes;
    for (const std::uint16_t value : registers) {
      bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
      bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    }
    return bytes;
  }

  /// Function 06 for one register, 10 for more.
  void write(int address, const Bytes& bytes, int meter = 1) {
    ++asked;
    modbus_set_slave(modbus_.get(), meter);
    std::vector<std::uint16_t> registers;
    for (std::size_t n = 0; n < bytes.size(); n += 2) {
      registers.push_back(static_cast<std::uint16_t>(bytes[n] << 8U | bytes[n + 1]));
    }
    const int count = static_cast<int>(registers.size());
    const int written =
        count == 1 ? modbus_write_register(modbus_.get(), address, registers.front())
                   : modbus_write_registers(modbus_.get(), address, count, registers.data());
    if (written != count) {
      fail(fmt::format("Writing {} to {:04X} was not acknowledged: {}.", hex(bytes), address,
                       modbus_strerror(errno)));
    }
  }

  void expect(int address, const Bytes& bytes, int meter = 1) {
    const Bytes seen = read(address, static_cast<int>(bytes.size() / 2), meter);
    if (seen == bytes) return;
    fail(fmt::format("{:04X} of meter {} reads '{}' instead of {}.", address, meter, hex(seen),
                     hex(bytes)));
  }

  /// Bytes that are no request; then time for the meter to hear silence.
  void disturb(const Bytes& bytes) {
    if (::write(modbus_get_socket(modbus_.get()), bytes.data(), bytes.size()) < 0) fail("no write");
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    modbus_flush(modbus_.get());
  }

 private:
  std::unique_ptr<modbus_t, decltype(&modbus_free)> modbus_;
};

Bytes number(int value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value & 0xFF)};
}

bool matches(const Json& row, const Bytes& bytes) {
  const std::string type = row.at("type");
  if (bytes.size() != row.at("bytes")) return false;
  if (type == "bcd") return hex(bytes) == row.at("text");
  if (type == "ascii") {
    return std::string(bytes.begin(), std::find(bytes.begin(), bytes.end(), 0)) == row.at("text");
  }
  double value = static_cast<std::int16_t>(bytes[0] << 8U | bytes[1]);
  if (type == "float") {
    const std::array<std::uint16_t, 2> words = {
        static_cast<std::uint16_t>(bytes[0] << 8U | bytes[1]),
        static_cast<std::uint16_t>(bytes[2] << 8U | bytes[3])};
    value = static_cast<double>(modbus_get_float_abcd(words.data()));
  }
  return row.at("from") <= value && value <= row.at("to");
}

void read_matrix(Port& port, const Json& rows) {
  for (const Json& row : rows) {
    const int address = std::stoi(row.at("address").get<std::string>(), nullptr, 16);
    const Bytes bytes = port.read(address, row.at("bytes").get<int>() / 2);
    if (!matches(row, bytes)) fail(fmt::format("Read '{}', expected {}.", hex(bytes), row.dump()));
  }
}

void write_settings(Port& port) {
  struct Setting {
    int address;
    Bytes other;
    Bytes normal;
  };
  const std::vector<Setting> settings = {
      {0x1066, {0x44, 0xFA, 0, 0}, {0x44, 0x7A, 0, 0}},  // S0 rate 2000, 1000
      {0x107A, number(1), number(5)},                    // combined code
      {0x1510, number(0x25), number(0x10)},              // LCD time, BCD
      {0x2200, number(2), number(1)},                    // tariff
  };
  for (const Setting& setting : settings) {
    for (const Bytes& bytes : {setting.other, setting.normal}) {
      port.write(setting.address, bytes);
      port.expect(setting.address, bytes);
    }
  }
}

void expect_silence(const std::string& link, int baud, const std::string& why) {
  Port port(link, baud, 500);
  if (!port.read(0x1018, 1).empty()) fail("There was an answer " + why + ".");
}

void change_id(const std::string& link) {
  constexpr int other_id = 17;
  {
    Port port(link);
    port.write(0x1018, number(other_id));
    port.expect(0x1018, number(other_id), other_id);
  }
  expect_silence(link, default_baud, "at the old ID");
  Port port(link);
  port.write(0x1018, number(1), other_id);
  port.expect(0x1018, number(1));
}

void change_baud(const std::string& link, int old_baud, int new_baud) {
  Port(link, old_baud).write(0x1020, number(new_baud));
  expect_silence(link, old_baud, fmt::format("at {} Bd, the meter has {}", old_baud, new_baud));
  Port(link, new_baud).expect(0x1020, number(new_baud));
}

void talk(const Json& rows, const std::string& link) {
  for (int n = 0; n < 5; ++n) Port(link).expect(0x1018, number(1));
  {
    Port port(link);
    read_matrix(port, rows);
    write_settings(port);
    if (!port.read(0x2014, 2).empty() || errno != EMBXILADD) {
      fail("Reading the hole at 2014 does not give exception 02.");
    }
  }
  change_id(link);
  change_baud(link, default_baud, other_baud);
  change_baud(link, other_baud, default_baud);
  {
    Port port(link);
    for (const Bytes& bytes :
         {Bytes(200, 0x55), Bytes{1, 3}, Bytes{1, 3, 0x20, 8, 0, 2, 0, 0}}) {  // a wrong CRC
      port.disturb(bytes);
      port.expect(0x1018, number(1));
    }
    while (asked < requests) port.expect(0x1020, number(default_baud));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  talk(Json::parse(std::ifstream(argv[1])), argv[2]);
  fmt::print("libmodbus: {} requests, {} failures\n", asked, failures);
  return failures == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
