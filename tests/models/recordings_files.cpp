// Recordings on disk: pairs of COMTRADE files, tables and sound files that the tests write.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "comtrade_files.h"

using Catch::Matchers::Contains;
using models::recordings::read_recording;
using models::recordings::Recording;
using models::recordings::RecordingError;
using tests::ComtradeText;

namespace {

class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("pro380-recordings-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::string path = (path_ / name).string();
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

 private:
  std::filesystem::path path_;
};

std::string little(std::uint32_t word, int bytes) {
  std::string out;
  ComtradeText::little(out, word, bytes);
  return out;
}

/// RIFF WAVE of two channels; `data` are interleaved samples of so many bits.
std::string wav(const std::string& data, std::uint32_t bits, bool is_float) {
  const std::uint32_t frame = 2 * bits / 8;
  const std::string format = little(is_float ? 3 : 1, 2) + little(2, 2) + little(48000, 4) +
                             little(48000 * frame, 4) + little(frame, 2) + little(bits, 2);
  const std::string chunks = "WAVEfmt " + little(16, 4) + format + "data" +
                             little(static_cast<std::uint32_t>(data.size()), 4) + data;
  return "RIFF" + little(static_cast<std::uint32_t>(chunks.size()), 4) + chunks;
}

std::string refusal(const std::string& path) {
  try {
    read_recording(path, {});
  } catch (const RecordingError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a configuration finds its data beside it in either case") {
  const Folder folder;
  const ComtradeText file;
  const std::string name = GENERATE(std::string("a.cfg"), std::string("A.CFG"));
  const std::string path = folder.write(name, file.config());
  CHECK_THAT(refusal(path), Contains("found nothing, expected the data of"));
  folder.write(name == "a.cfg" ? "a.dat" : "A.DAT", file.data());
  CHECK(read_recording(path, {}).samples == 128);
}

TEST_CASE("a table has times or a rate and either separator and gaps") {
  const Recording timed = models::recordings::read_csv(
      "t;\"u a\";i\r\n1.5;-2e1;+3\r\n1.500125;4;\r\n", "a.csv", {"t", 0});
  REQUIRE(timed.channels.size() == 2);
  CHECK(timed.channels[0].name == "u a");
  CHECK(timed.channels[0].samples == std::vector<double>{-20, 4});
  CHECK(timed.channels[1].samples[0] == 3);
  CHECK(std::isnan(timed.channels[1].samples[1]));
  CHECK(timed.instants() == std::vector<models::pins::Ps>{0, 125'000'000});
  const Recording rated =
      models::recordings::read_csv("\xEF\xBB\xBFu,i\n1,2\n3,4\n\n", "a.csv", {"", 8000});
  CHECK(rated.channels[0].name == "u");
  CHECK(rated.channels[1].samples == std::vector<double>{2, 4});
  CHECK(rated.instants() == std::vector<models::pins::Ps>{0, 125'000'000});
}

TEST_CASE("sound files of each width are read to the last bit") {
  const Folder folder;
  // Half scale, the most negative, the least step, 0, in two channels.
  const auto bits = GENERATE(16, 24, 32);
  const std::uint32_t half = 1u << (bits - 2);
  const std::uint32_t lowest = 1u << (bits - 1);
  const int bytes = bits / 8;
  const std::string data =
      little(half, bytes) + little(lowest, bytes) + little(1, bytes) + little(0, bytes);
  const Recording read =
      read_recording(folder.write("a.wav", wav(data, static_cast<std::uint32_t>(bits), false)), {});
  REQUIRE(read.channels.size() == 2);
  CHECK(read.channels[0].name == "1");
  CHECK(read.channels[0].samples == std::vector<double>{0.5, std::ldexp(1.0, 1 - bits)});
  CHECK(read.channels[1].samples == std::vector<double>{-1, 0});
  CHECK(read.sections.at(0).rate_Hz == 48000);
}

TEST_CASE("a sound file of floats may go beyond full scale and a NaN is missing") {
  const Folder folder;
  const std::string data =
      little(0x3FC00000, 4) + little(0xBE800000, 4) + little(0x7FC00000, 4) + little(0, 4);
  const Recording read = read_recording(folder.write("a.wav", wav(data, 32, true)), {});
  CHECK(read.channels[0].samples[0] == 1.5);
  CHECK(read.channels[1].samples == std::vector<double>{-0.25, 0});
  CHECK(std::isnan(read.channels[0].samples[1]));
}

TEST_CASE(
    "what is no sound file or too short for what it says is refused or cut to what is there") {
  const Folder folder;
  CHECK_THAT(refusal(folder.write("a.wav", "")), Contains("a.wav: found"));
  CHECK_THAT(refusal(folder.write("a.wav", "RIFF")), Contains("expected a WAV file"));
  CHECK_THAT(refusal(folder.write("a.wav", std::string(400, '\x7F'))),
             Contains("expected a WAV file"));
  const std::string good = wav(std::string(64, '\x11'), 16, false);
  std::string claims = good;
  claims.replace(40, 4, little(0x7FFFFFF0, 4));  // the data's size
  const std::string path = folder.write("a.wav", claims);
  const std::string sentence = refusal(path);
  if (sentence.empty()) CHECK(read_recording(path, {}).samples == 16);
  CHECK_THAT(refusal(folder.write("a.wav", wav(std::string(4, '\0'), 16, false))),
             Contains("found 1 samples, expected two at the least"));
}

TEST_CASE("a name without a known ending and a folder are refused") {
  CHECK_THAT(refusal("a.xml"), Contains("a.xml: found the ending \".xml\", expected .cfg"));
  CHECK_THAT(refusal("nowhere.csv"), Contains("nowhere.csv: found nothing"));
  const Folder folder;
  std::filesystem::create_directories(folder.write("x", "") + ".csv");
}
