// Files that are not what they should be: one sentence that says where, what was found and what
// was expected.
#include <catch2/catch.hpp>

#include "comtrade_files.h"
#include "models/random/random.h"

using Catch::Matchers::Contains;
using models::recordings::RecordingError;
using tests::ComtradeText;
using tests::Encoding;

namespace {

/// The sentence that two texts are refused with; "" if they are not.
std::string refusal(const std::string& config, const std::string& data) {
  try {
    models::recordings::read_comtrade_data(
        models::recordings::parse_comtrade_config(config, {"a.cfg"}), data, "a.cfg", {"a.dat"});
  } catch (const RecordingError& error) {
    return error.what();
  }
  return "";
}

std::string cff_refusal(const std::string& bytes) {
  try {
    models::recordings::read_cff(bytes, "a.cff");
  } catch (const RecordingError& error) {
    return error.what();
  }
  return "";
}

std::string csv_refusal(const std::string& text, const std::string& time) {
  try {
    models::recordings::read_csv(text, "a.csv", {time, 1000});
  } catch (const RecordingError& error) {
    return error.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("a configuration that is wrong is refused with the line") {
  struct Row {
    const char* what;
    const char* by;
    const char* sentence;
  };
  const auto row = GENERATE(values<Row>({
      {"Works,7,1999", "Works", "a.cfg:1: found 1 fields"},
      {"Works,7,1999", "Works,7,2021", "a.cfg:1: found \"2021\", expected the year 1991, 1999 or"},
      {"19,2A,17D", "19,2A", "a.cfg:2: found 2 fields"},
      {"19,2A,17D", "20,2A,17D", "a.cfg:2: found \"20\", expected the sum of 2 analog and 17"},
      {"19,2A,17D", "19,2,17D", "a.cfg:2: found \"2\", expected a number of channels followed"},
      {"19,2A,17D", "999999999999,2A,17D", "a.cfg:2: found \"999999999999\""},
      {"19,2A,17D", "-19,-2A,-17D", "a.cfg:2: found \"-19\""},
      {"19,2A,17D", "999999,999982A,17D", "a.cfg:5: found 5 fields, expected analog channel 3"},
      {"1,UA", "7,UA", "a.cfg:3: found \"7\", expected the channel's number"},
      {"0.015625", "0,015625", "a.cfg:3: found 14 fields, expected analog channel 1 of 13"},
      {"0.015625", "nan", "a.cfg:3: found \"nan\", expected the multiplier a, a number"},
      {"0.015625", "1e999", "a.cfg:3: found \"1e999\", expected the multiplier a"},
      {"0.015625", "0x10", "a.cfg:3: found \"0x10\", expected the multiplier a"},
      {",0.5,", ",inf,", "a.cfg:3: found \"inf\", expected the offset b"},
      {",25,", ",soon,", "a.cfg:4: found \"soon\", expected the skew"},
      {"400,1,S", "0,1,S", "a.cfg:3: found \"0\", expected a primary rating above 0"},
      {"400,1,S", "400,-1,S", "a.cfg:3: found \"-1\", expected a secondary rating above 0"},
      {"400,1,S", "400,1,X", "a.cfg:3: found \"X\", expected P or S"},
      {"17,D17,,,0", "seventeen", "a.cfg:21: found 1 fields"},
      {"\r\n50\r\n", "\r\nmains\r\n", "a.cfg:22: found \"mains\", expected the nominal frequency"},
      {"\r\n50\r\n", "\r\n-50\r\n", "a.cfg:22: found \"-50\", expected a nominal frequency"},
      {"3200,128", "3200", "a.cfg:24: found 1 fields"},
      {"3200,128", "-3200,128", "a.cfg:24: found \"-3200\", expected a rate above 0"},
      {"3200,128", "3200,0", "a.cfg:24: found \"0\", expected the number of the last sample"},
      {"1\r\n3200,128", "2\r\n3200,100\r\n1600,90", "a.cfg:25: found \"90\", expected the number"},
      {"1\r\n3200,128", "1000\r\n3200,128",
       "a.cfg:23: found \"1000\", expected the number of rates"},
      {"28/11/2026,10:00:00.000000", "yesterday,10:00", "a.cfg:25: found \"yesterday\""},
      {"10:00:00.010000", "ten", "a.cfg:26: found \"ten\", expected the time of the trigger"},
      {"\r\nASCII\r\n", "\r\nBINARY32\r\n",
       "a.cfg:27: found \"BINARY32\", expected ASCII or BINARY"},
      {"\r\nASCII\r\n1\r\n", "\r\nASCII\r\n", "a.cfg:28: found the end, expected the timestamp"},
      {"\r\nASCII\r\n1\r\n", "\r\nASCII\r\n0\r\n", "a.cfg:28: found \"0\", expected a timestamp"},
      {"3200,128", "3200,1000000000000", "a.dat: found "},
      {"3200,128", "3200,129", "a.dat:129: found the end, expected record 129 of 129"},
      {"3200,128", "3200,127", "a.dat:128: found more data, expected the end after record 127"},
  }));
  const ComtradeText file;
  INFO(row.what << " -> " << row.by);
  CHECK_THAT(refusal(replaced(file.config(), row.what, row.by), file.data()),
             Contains(row.sentence));
}

TEST_CASE("a text of data that is wrong is refused with the line") {
  struct Row {
    const char* what;
    const char* by;
    const char* sentence;
  };
  const auto row = GENERATE(values<Row>({
      {"1,5,", "2,5,", "a.dat:2: found \"2\", expected record number 3"},
      {"2,317,", "3,317,", "a.dat:2: found \"3\", expected record number 2"},
      {"2,317,", "2,", "a.dat:2: found 20 fields, expected 21"},
      {"2,317,", "two,317,", "a.dat:2: found \"two\", expected record number 2"},
      {"2,317,", "2,317,x", "a.dat:2: found \"x"},
      {"2,317,", "2,317,nan,", "a.dat:2: found 22 fields"},
      {"2,317,", "2,317,1e400", "a.dat:2: found \"1e400"},
  }));
  const ComtradeText file;
  INFO(row.what << " -> " << row.by);
  CHECK_THAT(refusal(file.config(), replaced(file.data(), row.what, row.by)),
             Contains(row.sentence));
}

TEST_CASE("binary data that are wrong are refused with the record") {
  ComtradeText file;
  file.encoding = Encoding::binary;
  const std::string data = file.data();  // records of 8 + 4 + 4 bytes
  CHECK_THAT(refusal(file.config(), data.substr(0, data.size() - 1)),
             Contains("a.dat: record 128: found 15 bytes, expected 16"));
  CHECK_THAT(refusal(file.config(), data + std::string(16, 'x')),
             Contains("a.dat: record 129: found 16 bytes more, expected the end"));
  CHECK_THAT(refusal(file.config(), ""), Contains("a.dat: found 0 bytes"));
  std::string skipped = data;
  skipped[80] = 9;
  CHECK_THAT(refusal(file.config(), skipped),
             Contains("a.dat: record 6: found the number 9, expected record number 6"));
  file.timestamps = true;
  std::string still = data;
  still.replace(52, 4, still.substr(36, 4));
  CHECK_THAT(refusal(file.config(), still), Contains("record 4: found the timestamp 629"));
  still.replace(52, 4, std::string(4, '\xFF'));
  CHECK_THAT(refusal(file.config(), still), Contains("record 4: found no timestamp"));
}

TEST_CASE("a header that claims 10^12 samples takes no memory") {
  ComtradeText file;
  file.year = 2013;
  file.encoding =
      GENERATE(Encoding::ascii, Encoding::binary, Encoding::binary32, Encoding::float32);
  for (const char* claim : {"1000000000000", "9223372036854775807"}) {
    CHECK_THAT(refusal(replaced(file.config(), ",128", std::string(",") + claim), file.data()),
               Contains("a.dat: found") && Contains(claim));
  }
}

TEST_CASE("a single file whose parts are wrong is refused") {
  ComtradeText file;
  file.year = 2013;
  file.encoding = Encoding::binary32;
  const std::string good = file.cff();
  const std::string size = std::to_string(file.data().size());
  struct Row {
    std::string what;
    std::string by;
    const char* sentence;
  };
  const std::vector<Row> rows = {
      {"BINARY: " + size, "BINARY: 99999999999", "found a part of 99999999999 bytes"},
      {"BINARY: " + size, "BINARY: 16", "bytes after it, expected the file's end there"},
      {"BINARY: " + size, "BINARY: many", "expected a number of bytes"},
      {"BINARY: " + size, "BINARY: -4", "expected a number of bytes"},
      {"BINARY: " + size, "ASCII", "found ASCII data, expected BINARY32"},
      {"DAT BINARY: " + size, "DAT", "found \"DAT\", expected CFG, INF, HDR, DAT ASCII"},
      {"file type: CFG", "file type: INF", "found no part CFG"},
      {"file type: INF", "file type: CFG", "expected each part once"},
      {"file type: HDR", "file type: XYZ", "found \"XYZ\", expected CFG, INF, HDR"},
      {"--- file type: CFG ---", "CFG", "a.cff:1: found \"CFG\""},
      {"--- file type: CFG ---", "--- CFG ---", "a.cff:1: found \"--- CFG ---\""},
      {"Works,7,2013", "Works,7,x", "a.cff:2: found \"x\", expected the year"},
  };
  for (const Row& row : rows) {
    INFO(row.what << " -> " << row.by);
    CHECK_THAT(cff_refusal(replaced(good, row.what, row.by)), Contains(row.sentence));
  }
  CHECK_THAT(cff_refusal(""), Contains("found no part CFG"));
  CHECK_THAT(cff_refusal(good.substr(0, good.size() - 1)), Contains("that are left"));
}

TEST_CASE("a table that is wrong is refused with the line") {
  CHECK_THAT(csv_refusal("", ""), Contains("a.csv:1: found the end"));
  CHECK_THAT(csv_refusal("u,,i\n", ""), Contains("a.csv:1: found a column without a name"));
  CHECK_THAT(csv_refusal("u,u\n1,2\n", ""), Contains("a.csv:1: found \"u\" again"));
  CHECK_THAT(csv_refusal("u,i\n1,2\n", "t"), Contains("expected a column named \"t\""));
  CHECK_THAT(csv_refusal("u,i\n1,2\n3\n", ""), Contains("a.csv:3: found 1 fields, expected 2"));
  CHECK_THAT(csv_refusal("u,i\n1,two\n", ""), Contains("a.csv:2: found \"two\""));
  CHECK_THAT(csv_refusal("u;i\n1,5;2\n", ""), Contains("a.csv:2: found \"1,5\""));
  CHECK_THAT(csv_refusal("u,i\n1,inf\n", ""), Contains("a.csv:2: found \"inf\""));
  CHECK_THAT(csv_refusal("u,i\n1,2\n\n3,4\n", ""), Contains("a.csv:4: found data after an empty"));
  CHECK_THAT(csv_refusal("t,u\n0,1\n0,2\n", "t"),
             Contains("a.csv:3: found \"0\", expected a time"));
  CHECK_THAT(csv_refusal("t,u\n0,1\n1e30,2\n", "t"), Contains("a.csv:3: found \"1e30\""));
  CHECK_THAT(csv_refusal("t,u\n,1\n", "t"), Contains("a.csv:2: found \"\", expected a time"));
}

TEST_CASE("whatever becomes of a file it is read or refused with a sentence") {
  ComtradeText file;
  file.year = GENERATE(1991, 2013);
  file.encoding = GENERATE(Encoding::ascii, Encoding::binary);
  file.samples = 12;
  const std::string good = file.cff();
  models::random::Random random(2026, "recordings");
  int read = 0;
  for (int n = 0; n < 400; ++n) {
    std::string text = good;
    for (int change = 0; change < 2; ++change) {
      const auto at = static_cast<std::size_t>(random.below(text.size()));
      switch (random.below(4)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text.erase(at, 1 + static_cast<std::size_t>(random.below(9)));
          break;
        case 2:
          text.insert(at, text.substr(static_cast<std::size_t>(random.below(text.size())), 20));
          break;
        default:
          text.insert(at, "9999999999999");
      }
    }
    try {
      const models::recordings::Recording got = models::recordings::read_cff(text, "a.cff");
      REQUIRE(got.samples >= 2);
      REQUIRE(got.instants().size() == got.samples);
      ++read;
    } catch (const RecordingError& error) {
      REQUIRE(std::string(error.what()).find("a.cff") == 0);
    }
  }
  CHECK(read > 20);
}
