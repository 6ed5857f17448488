#include "tools/typetest/report_appendix.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "tools/typetest/report_numbers.h"

namespace tools::typetest {
namespace {

struct Entry {
  const char* name;
  const char* text;
};

constexpr std::array<Entry, 8> not_simulated{{
    {"Electromagnetic fields and discharges",
     "Radiated fields, bursts, surges, electrostatic discharge and magnetic fields act on a layout "
     "and a housing, which this model does not have. Of the conducted disturbances only currents "
     "of "
     "2 … 150 kHz are applied."},
    {"Insulation", "No impulse voltage, no a.c. voltage test, no creepage or clearance."},
    {"Housing and terminals",
     "No mechanical test, no ingress of dust and water, no heat of terminals, no fire."},
    {"Climate",
     "The temperature of parts follows a model with time constants; nothing is soaked, dried, "
     "frozen "
     "or aged, and humidity has no effect."},
    {"Supply currents of the electronics",
     "Power and apparent power of the circuits are those of the model's own load, not of a board."},
    {"Ageing", "Parts keep their values: no drift over years, no wear but that of the EEPROM."},
    {"The laboratory's own uncertainty",
     "The reference is the waveform's definition, exact but for the resolution of time; a real "
     "bench "
     "adds the uncertainty of its standard meter, which is not subtracted from any limit here."},
    {"The approval itself",
     "This is a simulated meter. The report shows what the model predicts, and certifies nothing."},
}};

constexpr std::array<Entry, 12> glossary{{
    {"Un", "nominal voltage between a phase and neutral"},
    {"Ist, Imin, Itr, Iref, Imax",
     "starting, minimum, transitional, reference and maximum current of EN 50470; of a meter for "
     "current transformers they are secondary values"},
    {"PF", "power factor; ind: the current lags, cap: it leads"},
    {"L1, L2, L3", "the three phases"},
    {"e", "error of a point in percent: what the LED flashed for, less the truth, over the truth"},
    {"change of error", "the error under an influence less the error at reference conditions"},
    {"share of limit",
     "how much of what is allowed was used: 100 % is the limit itself, more lies outside"},
    {"MPE", "maximum permissible error of a meter in use"},
    {"imp/kWh", "meter constant: flashes of the LED, or pulses, a kilowatt-hour"},
    {"ppm, ppb", "parts in a million, in a thousand million"},
    {"lead", "of a current transformer: the angle by which its output is ahead of the current"},
    {"seed", "what all random numbers follow from: the same seed gives the same meter and noise"},
}};

void add_entries(html::Node parent, const Entry* first, const Entry* last) {
  const html::Node list = html::add(parent, "dl");
  for (; first != last; ++first) {
    html::add_text(list, "dt", first->name);
    html::add_text(list, "dd", first->text);
  }
}

/// A limit that could not be checked, once however many findings it judges.
struct UncertainLimit {
  std::string chapter;
  std::string quantity;
  std::string limits;
  std::string source;
  int findings;
};

std::vector<UncertainLimit> uncertain_limits(const Campaign& campaign) {
  std::vector<UncertainLimit> list;
  for (const Chapter& chapter : campaign.chapters) {
    for (const Finding& finding : chapter.findings) {
      if (finding.certainty != Certainty::uncertain) continue;
      UncertainLimit one{chapter.title, finding.quantity,
                         limits_text(finding.at_least, finding.at_most), finding.source, 1};
      if (!finding.unit.empty()) one.limits += " " + finding.unit;
      const auto same = [&](const UncertainLimit& other) {
        return std::tie(one.chapter, one.quantity, one.limits, one.source) ==
               std::tie(other.chapter, other.quantity, other.limits, other.source);
      };
      const auto known = std::find_if(list.begin(), list.end(), same);
      if (known == list.end()) {
        list.push_back(std::move(one));
      } else {
        ++known->findings;
      }
    }
  }
  return list;
}

void add_uncertain_limits(html::Node parent, const Campaign& campaign) {
  html::add_text(parent, "h3", "A. Limits that could not be checked");
  const std::vector<UncertainLimit> limits = uncertain_limits(campaign);
  if (limits.empty()) {
    html::add_text(parent, "p", "Every limit of this campaign was checked against its source.");
    return;
  }
  html::add_text(
      parent, "p",
      "These limits, marked U in the tables, could not be held against the text of their "
      "standard. They are parameters of the campaign; a verdict that rests on one of them "
      "is as good as the parameter.");
  const html::Node body =
      html::add_table(parent, "", {{"Test"}, {"Quantity"}, {"Limits"}, {"Source"}, {"Findings"}});
  for (const UncertainLimit& limit : limits) {
    const html::Node row = html::add(body, "tr");
    for (const std::string& text : {limit.chapter, limit.quantity, limit.limits, limit.source,
                                    std::to_string(limit.findings)}) {
      html::add_text(row, "td", text);
    }
  }
}

}  // namespace

CertaintyMark certainty_mark(Certainty certainty) {
  switch (certainty) {
    case Certainty::standard:
      return {"", "the standard's number"};
    case Certainty::uncertain:
      return {"U", "could not be checked against the standard's text: a parameter"};
    case Certainty::maker:
      return {"M", "the manual promises it"};
    case Certainty::ours:
      break;
  }
  return {"T", "this twin's own, tighter than any standard"};
}

void add_appendix(html::Node parent, const Campaign& campaign) {
  const html::Node section = html::add(parent, "section", "sheet");
  html::set(section, "id", "appendix");
  html::add_text(section, "h2", "Appendix");
  add_uncertain_limits(section, campaign);
  html::add_text(section, "h3", "B. What is not simulated");
  add_entries(section, not_simulated.begin(), not_simulated.end());
  html::add_text(section, "h3", "C. Symbols and words");
  add_entries(section, glossary.begin(), glossary.end());
}

}  // namespace tools::typetest
