// COMTRADE files that the tests write themselves, in every year and encoding, from whole numbers
// that they know.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "models/recordings/comtrade_dat.h"
#include "models/recordings/read.h"

namespace tests {

using models::recordings::Encoding;

/// A file with the channels UA (V, 0.015625 V a step, 0.5 V off) and IA (kA, primary), 17 status
/// channels, and a sine with a fifth harmonic as numbers.
struct ComtradeText {
  int year = 1999;
  Encoding encoding = Encoding::ascii;
  int samples = 128;
  bool timestamps = false;   ///< nrates 0: the instants stand in the data
  bool nanoseconds = false;  ///< of 2013: what a timestamp counts
  double time_multiplier = 1;
  bool empty_timestamps = false;
  std::string newline = "\r\n";

  static constexpr const char* names[] = {"ASCII", "BINARY", "BINARY32", "FLOAT32"};
  static constexpr int status = 17;
  static constexpr double a = 0.015625;
  static constexpr double b = 0.5;

  std::int32_t number(int channel, int k) const {
    const double x = 2 * 3.14159265358979323846 * k / 64 - 0.7 * channel;
    return static_cast<std::int32_t>(
        std::lround(20000 * std::sin(x) + (channel == 0 ? 900 : 3000) * std::sin(5 * x + 1)));
  }
  /// What stands in the file for it, before a·x + b.
  double stored(int channel, int k) const {
    // A quarter is exact in a float as in a decimal.
    return encoding == Encoding::float32 ? number(channel, k) + 0.25 : number(channel, k);
  }
  double value(int channel, int k) const {
    return channel == 0 ? a * stored(0, k) + b : 1e-6 * 1e3 * stored(1, k);
  }
  std::uint32_t ticks(int k) const { return static_cast<std::uint32_t>(k) * 312 + 5; }

  std::string line(const std::string& text) const { return text + newline; }

  std::string config() const {
    std::string out = line(year == 1991 ? "Works,7" : "Works,7," + std::to_string(year));
    out += line("19,2A,17D");
    const bool rated = year > 1991;
    out += line("1,UA,A,,V,0.015625,0.5,0,-32767,32767" + std::string(rated ? ",400,1,S" : ""));
    out += line("2,IA,A,,kA,1E-6,0,25,-32767,32767" + std::string(rated ? ",100,5,P" : ""));
    for (int d = 1; d <= status; ++d) {
      out += line(std::to_string(d) + ",D" + std::to_string(d) + (rated ? ",,,0" : ",0"));
    }
    out += line("50");
    out += line(timestamps ? "0" : "1");
    out += line((timestamps ? "0," : "3200,") + std::to_string(samples));
    const std::string date = year == 1991 ? "11/28/26" : "28/11/2026";
    out += line(date + ",10:00:00.000000" + (nanoseconds ? "000" : ""));
    out += line(date + ",10:00:00.010000" + (nanoseconds ? "000" : ""));
    out += line(names[static_cast<int>(encoding)]);
    if (year > 1991) out += line(time_multiplier == 1 ? "1" : "0.5");
    if (year == 2013) out += line("0,0") + line("B,3");
    return out;
  }

  static void little(std::string& out, std::uint32_t word, int bytes) {
    for (int n = 0; n < bytes; ++n) out += static_cast<char>((word >> (8 * n)) & 0xFF);
  }

  std::string data() const {
    std::string out;
    for (int k = 0; k < samples; ++k) {
      if (encoding == Encoding::ascii) {
        std::string text = std::to_string(k + 1) + ",";
        if (!empty_timestamps) text += std::to_string(ticks(k));
        for (int c = 0; c < 2; ++c) text += "," + std::to_string(number(c, k));
        for (int d = 0; d < status; ++d) text += ((k + d) % 2) != 0 ? ",1" : ",0";
        out += line(text);
        continue;
      }
      little(out, static_cast<std::uint32_t>(k + 1), 4);
      little(out, empty_timestamps ? 0xFFFFFFFF : ticks(k), 4);
      for (int c = 0; c < 2; ++c) {
        if (encoding == Encoding::float32) {
          const auto value = static_cast<float>(stored(c, k));
          std::uint32_t word = 0;
          std::memcpy(&word, &value, sizeof word);
          little(out, word, 4);
        } else {
          little(out, static_cast<std::uint32_t>(number(c, k)),
                 encoding == Encoding::binary ? 2 : 4);
        }
      }
      little(out, 0xA5A5, 2);
      little(out, 1, 2);
    }
    return out;
  }

  /// The single file of 2013.
  std::string cff() const {
    const std::string dat = data();
    std::string out = line("--- file type: CFG ---") + config();
    out += line("--- file type: INF ---") + line("nothing to be said");
    out += line("--- file type: HDR ---") + line("") + line("no more here");
    out += encoding == Encoding::ascii
               ? line("--- file type: DAT ASCII ---")
               : line("--- file type: DAT BINARY: " + std::to_string(dat.size()) + " ---");
    return out + dat;
  }

  models::recordings::Recording read() const {
    const std::string dat = data();
    return models::recordings::read_comtrade_data(
        models::recordings::parse_comtrade_config(config(), {"a.cfg"}), dat, "a.cfg", {"a.dat"});
  }
};

}  // namespace tests
