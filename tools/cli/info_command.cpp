// The nameplate of each variant (manual §2 and §5, pro380 §1), and what of it is not simulated.
#include <fmt/format.h>

#include <array>
#include <iostream>

#include "metrology/energy/pulse_width.h"
#include "metrology/hal/parameter_page.h"
#include "tools/cli/options.h"
#include "tools/report/result.h"
#include "tools/scenario/keys.h"

namespace tools {
namespace {

struct Fact {
  std::string_view what;
  std::string_view direct;
  std::string_view ct;
};

constexpr std::array facts = {
    Fact{"voltage", "3 x 230/400 V, 184 V to 276 V per phase", ""},
    Fact{"frequency", "45 Hz to 60 Hz", ""},
    Fact{"current", "5(100) A, direct", "1.5(6) A, through current transformers n/5 A"},
    Fact{"active accuracy", "class B (EN 50470-3), class 1 (IEC 62053-21)",
         "class C (EN 50470-3), class 0.5 S (IEC 62053-22)"},
    Fact{"reactive accuracy", "class 2 (IEC 62053-23)", ""},
    Fact{"starting current", "20 mA active, 25 mA reactive", "1.5 mA active, 4.5 mA reactive"},
    Fact{"connections", "3p4w, aron (bridge 13-17), 1p2w", ""},
    Fact{"meter code", "0x0102", "0x0103"},
    Fact{"LEDs", "10000 imp/kWh and 10000 imp/kvarh, 2 ms", "the same, secondary energy"},
    Fact{"S0 forward", "terminals 18 (+) and 19", ""},
    Fact{"S0 reverse", "terminals 20 (+) and 21", ""},
    Fact{"S0 outputs", "open collector, 5 V to 27 V d.c., at most 100 mA, polarity dependent", ""},
    Fact{"S0 rates", "10000 2000 1000 100 10 1 0.1 0.01 imp/kWh, 1000 by default",
         "the same, primary energy"},
    Fact{"tariff input", "terminals 24 and 25, 230 V a.c.", ""},
};

constexpr std::array not_simulated = {
    Fact{"temperature range", "-25 degC to +55 degC; the twin knows its drift, not its limits", ""},
    Fact{"own consumption", "at most 2 W and 10 VA per phase", ""},
    Fact{"over-current", "30 Imax for 10 ms: beyond full scale the twin clips and counts", ""},
    Fact{"insulation", "4 kV a.c. for 1 min, 6 kV impulse, protective class II", ""},
    Fact{"ingress", "IP51, indoors", ""},
    Fact{"humidity", "at most 75 %, 95 % in storage", ""},
    Fact{"dimensions", "92.4 or 141 x 70 x 63 mm", ""},
    Fact{"weight", "0.39 kg", ""},
    Fact{"infra-red wavelength", "900 nm to 1000 nm", ""},
    Fact{"storage", "-30 degC to +70 degC", ""},
    Fact{"housing and clamps", "as the manual says", ""},
};

/// Serial number prefixes in the order of the variants (pro380 §1).
constexpr int first_prefix = 255;

void add(std::vector<std::vector<std::string>>& rows, const Fact& fact, bool ct) {
  const std::string_view text = ct && !fact.ct.empty() ? fact.ct : fact.direct;
  rows.push_back({"  " + std::string(fact.what), std::string(text)});
}

std::string bus_of(std::size_t variant) {
  constexpr std::array buses = {"none (infra-red only)", "M-Bus on 22 and 23, and infra-red",
                                "Modbus RTU over RS-485 on 22 and 23, and infra-red"};
  return buses[variant % buses.size()];
}

}  // namespace

CommandSpec info_spec() {
  CommandSpec spec;
  spec.name = "info";
  spec.operands = "VARIANT";
  spec.operand = Operand::variant;
  spec.purpose = "the nameplate of a variant, and what of it is not simulated";
  std::string variants;
  for (const std::string_view variant : choice_type("variant").words) {
    variants += fmt::format("{}{}", variants.empty() ? "" : ", ", variant);
  }
  spec.description = {
      "Prints the nameplate of a variant, and what of it the twin does not simulate.",
      "Variants: " + variants + "."};
  spec.examples = {{"info 'PRO380-Mod CT'", "its currents, classes, terminals and rates"}};
  spec.status = "0, or 2 when there is no such variant.";
  return spec;
}

int info_command(const Arguments& arguments) {
  CommandOptions parsed(info_spec());
  if (!parsed.parse(arguments, 1, 1)) return all_hold;
  const std::vector<std::string_view>& variants = choice_type("variant").words;
  const std::string& name = parsed.operands().front();
  for (std::size_t i = 0; i < variants.size(); ++i) {
    if (variants[i] != name) continue;
    const bool ct = metrology::hal::is_ct(static_cast<metrology::hal::MeterVariant>(i));
    std::vector<std::vector<std::string>> rows;
    rows.push_back({"  serial number", fmt::format("{:04} and YYWW and four digits",
                                                   first_prefix + static_cast<int>(i))});
    for (const Fact& fact : facts) add(rows, fact, ct);
    rows.push_back({"  bus", bus_of(i)});
    std::vector<std::vector<std::string>> others;
    for (const Fact& fact : not_simulated) add(others, fact, ct);
    std::cout << name << "\n" << columns(rows) << "Not simulated\n" << columns(others);
    return all_hold;
  }
  std::string known;
  for (const std::string_view variant : variants) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", variant);
  }
  throw UsageError(fmt::format("found the variant {}, expected one of {}", in_quotes(name), known));
}

}  // namespace tools
