// The register table through the infra-red port: codes, values as text, errors, and the readout.
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "metrology/protocol/iec62056/obis.h"
#include "metrology/protocol/iec62056/readout.h"
#include "metrology/protocol/iec62056/register_access.h"
#include "tests/metrology/iec62056_bytes.h"
#include "tests/metrology/row_meter.h"

using namespace metrology;
using registers::CombinedCode;
using registers::WriteResult;
using tests::data_message;

namespace {

/// A meter whose rows commands reach.
struct IrMeter : tests::RowMeter {
  bool memory_fails = false;

  static WriteResult write_row(void* context, const registers::Row& row, registers::Port port,
                               const std::uint8_t* bytes) {
    auto& meter = *static_cast<IrMeter*>(context);
    if (meter.memory_fails) return WriteResult::not_stored;
    return registers::write(
        {meter.page, meter.settings, meter.tariff, meter.energy.accounts, meter.status}, row, port,
        bytes);
  }

  /// The answer to "R1" and "2008()".
  std::string answer(const std::string& name, const std::string& data) {
    const iec62056::Command command{
        name[0],
        name[1],
        {reinterpret_cast<const std::uint8_t*>(data.data()), static_cast<int>(data.size())}};
    const iec62056::Bank bank{this->data(), this, write_row};
    iec62056::Answer answer{};
    iec62056::carry_out(command, bank, answer);
    return std::string(reinterpret_cast<const char*>(answer.bytes), answer.size);
  }
  /// What stands behind the code in the answer to a reading.
  std::string shown(const std::string& name, const std::string& code) {
    const std::string whole = answer(name, code + "()");
    const std::string begin = "\x02" + code;
    if (whole.rfind(begin, 0) != 0) return whole;
    CHECK(whole == data_message(whole.substr(1, whole.size() - 3)));
    return whole.substr(begin.size(), whole.size() - begin.size() - 2);
  }
  std::string row(const std::string& address) { return shown("R1", address); }
  std::string obis(const std::string& code) { return shown("R5", code); }

  std::string readout() const {
    iec62056::Readout readout{};
    iec62056::begin(readout);
    std::string all;
    iec62056::Answer piece{};
    while (iec62056::next_piece(readout, data(), piece)) {
      all += std::string(reinterpret_cast<const char*>(piece.bytes), piece.size);
    }
    return all;
  }
};

const std::string acknowledged = "\x06";
std::string error(const std::string& number) { return data_message("(ER" + number + ")"); }

energy::EnergyCounter kWh(double value) {
  return {static_cast<std::int64_t>(value * 1e9 + 0.5), 0};
}

/// L1 takes 2300.4 W, L2 gives 1 W back, the rest nothing.
IrMeter loaded_meter() {
  IrMeter meter;
  meter.measurements.voltage_V[0] = 230.06;
  meter.measurements.voltage_V[1] = 229.94;
  meter.measurements.current_A[0] = 10.004;
  meter.measurements.current_A[1] = -0.05;
  meter.measurements.frequency_Hz = 49.996;
  meter.measurements.active_W[0] = 2300.4;
  meter.measurements.active_W[1] = -1.0;
  meter.measurements.active_W[3] = 2299.4;
  meter.measurements.reactive_var[0] = -12.3;
  meter.measurements.reactive_var[3] = -12.3;
  meter.measurements.apparent_VA[0] = 2300.43;
  meter.measurements.power_factor[0] = 0.99998;
  return meter;
}

}  // namespace

TEST_CASE("R1 reads a row with the display's decimals and its unit, without padding") {
  IrMeter meter = loaded_meter();
  CHECK(meter.row("2008") == "(230.1*V)");
  CHECK(meter.row("200C") == "(229.9*V)");
  CHECK(meter.row("2010") == "(0.0*V)");
  CHECK(meter.row("2020") == "(50.00*Hz)");
  CHECK(meter.row("2068") == "(10.00*A)");
  CHECK(meter.row("206C") == "(-0.05*A)");
  CHECK(meter.row("2088") == "(2.300*kW)");
  CHECK(meter.row("208C") == "(-0.001*kW)");
  CHECK(meter.row("20A8") == "(-0.012*kvar)");
  CHECK(meter.row("20C8") == "(2.300*kVA)");
  CHECK(meter.row("20E8") == "(1.00)");
}

TEST_CASE("R1 reads settings as numbers, digits, characters and bits") {
  IrMeter meter;
  meter.page.variant = hal::MeterVariant::mod_ct;
  CHECK(meter.row("1000") == "(14501234)");
  CHECK(meter.row("1010") == "(259)");  // 0x0103
  CHECK(meter.row("1030") == "(PRO380-Mod CT)");
  CHECK(meter.row("1050") == "(1.01)");
  CHECK(meter.row("1060") == "(5*A)");
  CHECK(meter.row("1062") == "(5*A)");
  CHECK(meter.row("1066") == "(1000.00)");
  CHECK(meter.row("107A") == "(5)");
  CHECK(meter.row("1510") == "(10)");
  CHECK(meter.row("1600") == "(930000000000000101)");  // P01 P02 P05 P08, P57, P65
  CHECK(meter.row("2200") == "(1)");
}

TEST_CASE("A serial number keeps its zeros") {
  IrMeter meter;
  meter.settings.serial_bcd = 0x00000042;
  CHECK(meter.row("1000") == "(00000042)");
}

TEST_CASE("Energies are cut to 0.01 kWh and have all their digits") {
  IrMeter meter;
  meter.energy.accounts.total.counter[0][0][0] = kWh(999'999.994);
  CHECK(meter.row("3020") == "(999999.99*kWh)");
  meter.energy.accounts.total.counter[0][0][0] = kWh(0.039);
  CHECK(meter.row("3020") == "(0.03*kWh)");
}

TEST_CASE("Every row that the matrix gives the infra-red port can be read, and no other") {
  IrMeter meter;
  for (const registers::Row& row : registers::rows) {
    char address[5];
    std::snprintf(address, sizeof address, "%04X", row.address);
    CAPTURE(address);
    const std::string answer = meter.answer("R1", std::string(address) + "()");
    const registers::Access access = registers::access(row, registers::Port::ir);
    if (access == registers::Access::none) {
      CHECK(answer == error("03"));
    } else if (access == registers::Access::write) {
      CHECK(answer == error("04"));
    } else {
      CHECK(answer.rfind(std::string("\x02") + address + "(", 0) == 0);
    }
  }
}

TEST_CASE("The password can be written and never be read") {
  IrMeter meter;
  CHECK(meter.answer("R1", "1700()") == error("04"));
  CHECK(meter.answer("W1", "1700(12345678)") == acknowledged);
  CHECK(meter.settings.ir_password == 0x12345678);
  for (const char* value : {"", "1234567", "123456789", "1234567A", "-1234567"}) {
    CAPTURE(value);
    CHECK(meter.answer("W1", "1700(" + std::string(value) + ")") == error("05"));
  }
  CHECK(meter.settings.ir_password == 0x12345678);
}

TEST_CASE("W1 writes every row that the matrix lets the infra-red port write") {
  IrMeter meter;
  CHECK(meter.answer("W1", "1066(100)") == acknowledged);
  CHECK(meter.settings.s0_rate_centi == 10'000);
  CHECK(meter.answer("W1", "1066(0.01)") == acknowledged);
  CHECK(meter.settings.s0_rate_centi == 1);
  CHECK(meter.answer("W1", "1066(10000.00)") == acknowledged);
  CHECK(meter.settings.s0_rate_centi == 1'000'000);
  CHECK(meter.answer("W1", "107A(09)") == acknowledged);
  CHECK(meter.settings.combined_code == CombinedCode::forward_minus_reverse);
  CHECK(meter.answer("W1", "1510(25)") == acknowledged);
  CHECK(meter.settings.lcd_cycle_s == 25);
  CHECK(meter.answer("W1", "2200(12)") == acknowledged);
  CHECK(meter.tariff.active == energy::Tariff::t2);
  CHECK(meter.answer("W1",
                     "1600(FF00000000000000"
                     "07)") == acknowledged);
  CHECK(meter.settings.scroll_mask[0] == 0xFF);
  CHECK(meter.settings.scroll_mask[8] == 0x07);
}

TEST_CASE("A value that is held already is acknowledged") {
  IrMeter meter;
  CHECK(meter.answer("W1", "1510(10)") == acknowledged);
  CHECK(meter.answer("W1", "1600(930000000000000101)") == acknowledged);
}

TEST_CASE("A mask with a bit beyond P67, or of another length, is refused") {
  IrMeter meter;
  const auto before = meter.settings;
  for (const char* mask : {"930000000000000108", "9300000000000001FF", "93000000000000010",
                           "93000000000000010100", "93000000000000010G", "", "0"}) {
    CAPTURE(mask);
    CHECK(meter.answer("W1", "1600(" + std::string(mask) + ")") == error("05"));
  }
  CHECK(meter.settings == before);
}

TEST_CASE("Values out of range, too exact, too long or of another unit are refused") {
  IrMeter meter;
  const auto before = meter.settings;
  for (const char* data :
       {"1066(3)", "1066(1000.001)", "1066()", "1066(.1)", "1066(1.)", "1066(1.0.0)", "1066(-1)",
        "1066(99999999999)", "1066(4294968296)", "1066(1000*V)", "107A(2)", "107A(5.0)",
        "107A(65541)", "1510(31)", "1510(0)", "1510(10000)", "2200(3)", "1510(1 )"}) {
    CAPTURE(data);
    CHECK(meter.answer("W1", data) == error("05"));
  }
  CHECK(meter.settings == before);
}

TEST_CASE("Rows that may only be read refuse to be written") {
  IrMeter meter;
  for (const char* data : {"1010(1)", "2008(230.0*V)", "1062(100)", "3000(0)", "1030(x)"}) {
    CAPTURE(data);
    CHECK(meter.answer("W1", data) == error("04"));
  }
}

TEST_CASE("The serial number is written on Mb variants alone") {
  using hal::MeterVariant;
  for (const MeterVariant variant :
       {MeterVariant::s, MeterVariant::mb, MeterVariant::mod, MeterVariant::s_ct,
        MeterVariant::mb_ct, MeterVariant::mod_ct}) {
    IrMeter meter;
    meter.page.variant = variant;
    const bool mbus = variant == MeterVariant::mb || variant == MeterVariant::mb_ct;
    CHECK(meter.answer("W1", "1000(87654321)") == (mbus ? acknowledged : error("04")));
    CHECK(meter.settings.serial_bcd == (mbus ? 0x87654321 : 0x14501234));
    CHECK(meter.answer("W5", "0.0.0(00000001)") == (mbus ? acknowledged : error("04")));
  }
}

TEST_CASE("Combined code 10 locks its row: error 06 whatever the number") {
  IrMeter meter;
  CHECK(meter.answer("W1", "107A(10)") == acknowledged);
  CHECK(meter.answer("W1", "107A(05)") == error("06"));
  CHECK(meter.answer("W1", "107A(57)") == error("06"));
}

TEST_CASE("A value that the EEPROM cannot keep is error 07") {
  IrMeter meter;
  meter.memory_fails = true;
  CHECK(meter.answer("W1", "1510(25)") == error("07"));
}

TEST_CASE("Unknown codes are error 03, data that are no data set error 02") {
  IrMeter meter;
  for (const char* data : {"2009()", "200()", "02008()", "20 8()", "()", "1018()", "F000()",
                           "F076()", "4000()", "XXXX()"}) {
    CAPTURE(data);
    CHECK(meter.answer("R1", data) == error("03"));
  }
  for (const char* data : {"", "2008", "2008(1)", "2008(*V)", "2008()2008()"}) {
    CAPTURE(data);
    CHECK(meter.answer("R1", data) == error("02"));
  }
  for (const char* data : {"9.9.9()", "1.8()", "1.8.00()", "1.8.0.0()", "3020()"}) {
    CAPTURE(data);
    CHECK(meter.answer("R5", data) == error("03"));
  }
}

TEST_CASE("Addresses are hexadecimal in either case, and echoed as they came") {
  IrMeter meter = loaded_meter();
  CHECK(meter.row("200c") == "(229.9*V)");
}

TEST_CASE("R5 and W5 take the OBIS code of the row") {
  IrMeter meter = loaded_meter();
  CHECK(meter.obis("32.7.0") == "(230.1*V)");
  CHECK(meter.obis("0.0.0") == "(14501234)");
  CHECK(meter.obis("0.2.0") == "(1.01)");
  CHECK(meter.obis("96.14.0") == "(1)");
  CHECK(meter.answer("W5", "96.14.0(2)") == acknowledged);
  CHECK(meter.tariff.active == energy::Tariff::t2);
  CHECK(meter.answer("W5", "1.8.0(0)") == error("04"));
}

TEST_CASE("Signed power is shown as a sum, as import and as export") {
  IrMeter meter = loaded_meter();
  CHECK(meter.obis("16.7.0") == "(2.299*kW)");
  CHECK(meter.obis("1.7.0") == "(2.299*kW)");
  CHECK(meter.obis("2.7.0") == "(0.000*kW)");
  CHECK(meter.obis("56.7.0") == "(-0.001*kW)");
  CHECK(meter.obis("41.7.0") == "(0.000*kW)");
  CHECK(meter.obis("3.7.0") == "(0.000*kvar)");
  CHECK(meter.obis("4.7.0") == "(0.012*kvar)");
  CHECK(meter.obis("23.7.0") == "(0.000*kvar)");
  CHECK(meter.obis("24.7.0") == "(0.012*kvar)");
}

TEST_CASE("F.F shows the error code: phases missing are its bits 2 to 4") {
  IrMeter meter;  // no phase is present, the rest is sound
  CHECK(meter.obis("F.F") == "(001C)");
  for (bool& present : meter.status.phases.present) present = true;
  CHECK(meter.obis("F.F") == "(0000)");
  CHECK(meter.answer("W5", "F.F(0000)") == error("04"));
}

TEST_CASE(
    "Totals have the code 15.8.x or 16.8.x as the combined code makes them sum or difference") {
  for (const CombinedCode code : registers::combined_codes) {
    IrMeter meter;
    meter.settings.combined_code = code;
    meter.energy.accounts.total.counter[0][0][0] = kWh(1.0);
    meter.energy.accounts.total.counter[0][0][1] = kWh(3.0);
    const bool sum = code == CombinedCode::forward_plus_reverse;
    const bool difference = code == CombinedCode::forward_minus_reverse ||
                            code == CombinedCode::forward_minus_reverse_for_ever;
    CHECK(meter.obis("15.8.0") == (sum ? "(4.00*kWh)" : error("03")));
    CHECK(meter.obis("16.8.0") == (difference ? "(-2.00*kWh)" : error("03")));
  }
}

TEST_CASE("The OBIS table has each code once, and only rows that the port may read, and F.F") {
  std::set<std::string> codes;
  for (const iec62056::ObisEntry& entry : iec62056::obis_table) {
    CAPTURE(entry.code);
    CHECK(codes.insert(entry.code).second);
    const registers::Row& row = tests::RowMeter::row(entry.row);
    if (std::string(entry.code) != "F.F") CHECK(registers::may_read(row.ir));
  }
  // The standard's codes of the matrix's rows.
  for (const char* code :
       {"0.0.0",  "0.2.0",  "0.4.2",  "96.14.0", "1.8.0",  "1.8.1",  "1.8.2",  "2.8.0",
        "2.8.1",  "2.8.2",  "3.8.0",  "3.8.1",   "3.8.2",  "4.8.0",  "4.8.1",  "4.8.2",
        "21.8.0", "41.8.0", "61.8.0", "22.8.0",  "42.8.0", "62.8.0", "23.8.0", "43.8.0",
        "63.8.0", "24.8.0", "44.8.0", "64.8.0",  "32.7.0", "52.7.0", "72.7.0", "31.7.0",
        "51.7.0", "71.7.0", "14.7.0", "16.7.0",  "36.7.0", "56.7.0", "76.7.0", "9.7.0",
        "29.7.0", "49.7.0", "69.7.0", "13.7.0",  "33.7.0", "53.7.0", "73.7.0"}) {
    CAPTURE(code);
    CHECK(codes.count(code) == 1);
  }
}

TEST_CASE("Readout: STX, a data set a line, an exclamation mark, ETX and the BCC of it all") {
  IrMeter meter = loaded_meter();
  const std::string all = meter.readout();
  REQUIRE(all.size() > 20);
  CHECK(all.front() == '\x02');
  CHECK(all == tests::with_bcc(all.substr(0, all.size() - 1)));
  CHECK(all.substr(all.size() - 5, 4) == "!\r\n\x03");
  CHECK(all.find("\r\n0.0.0(14501234)\r\n") != std::string::npos);
  CHECK(all.find("\r\n32.7.0(230.1*V)\r\n") != std::string::npos);
  CHECK(all.find("\r\n15.8.0(0.00*kWh)\r\n") != std::string::npos);
  CHECK(all.find("16.8.0") == std::string::npos);
}

TEST_CASE(
    "Readout: no line is longer than 78 characters, each is one data set, in the table's order") {
  IrMeter meter = loaded_meter();
  for (auto& kind : meter.energy.accounts.total.counter[0]) {
    for (energy::EnergyCounter& counter : kind) counter = kWh(499'999.99);
  }
  const std::string all = meter.readout();
  std::size_t at = 1;
  std::size_t entry = 0;
  while (all[at] != '!') {
    const std::size_t end = all.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    CHECK(end + 2 - at <= 78);
    while (!iec62056::has(CombinedCode::forward_plus_reverse, iec62056::obis_table[entry])) ++entry;
    const std::string code = iec62056::obis_table[entry++].code;
    CHECK(all.substr(at, code.size() + 1) == code + "(");
    CHECK(all[end - 1] == ')');
    at = end + 2;
  }
  CHECK(entry == iec62056::obis_count);
}
