#include <fmt/format.h>

#include <set>

#include "metrology/registers/table.h"
#include "tools/scenario/load_parts.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

/// Over all meters.
constexpr std::size_t expectations_max = 10'000;

struct Kind {
  std::string_view key;
  std::string_view section;
};

constexpr std::array kinds = {
    Kind{"register", "expect_register"},
    Kind{"raw", "expect_raw"},
    Kind{"accuracy", "expect_accuracy"},
    Kind{"count", "expect_count"},
    Kind{"follows_truth", "expect_follows_truth"},
    Kind{"width", "expect_width"},
    Kind{"interval", "expect_interval"},
    Kind{"jitter", "expect_jitter"},
    Kind{"silent", "expect_silent"},
    Kind{"diagnostic", "expect_diagnostic"},
    Kind{"display", "expect_display"},
    Kind{"symbols", "expect_symbols"},
    Kind{"page", "expect_page"},
    Kind{"backlight", "expect_backlight"},
    Kind{"answer", "expect_answer"},
    Kind{"exchanges", "expect_exchanges"},
    Kind{"found", "expect_found"},
};

const Kind* find_kind(const std::string& key) {
  for (const Kind& kind : kinds) {
    if (kind.key == key) return &kind;
  }
  return nullptr;
}

const Kind& kind_of(const TreeNode& item) {
  const Kind* found = nullptr;
  for (const Entry& entry : item.entries) {
    const Kind* kind = find_kind(entry.key);
    if (kind != nullptr && found != nullptr) {
      throw InputError(entry.position, fmt::format("found {} beside {}, expected one of them",
                                                   kind->key, found->key));
    }
    if (kind != nullptr) found = kind;
  }
  if (found == nullptr) {
    std::string known;
    for (const Kind& kind : kinds) {
      known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.key);
    }
    throw InputError(item.position, fmt::format("found {} that expects nothing, expected one of {}",
                                                describe(item), known));
  }
  return *found;
}

class ExpectationLoader {
 public:
  ExpectationLoader(const std::vector<MeterSpec>& meters,
                    const std::vector<TimelineEntry>& timeline, Ps duration)
      : meters_(meters), timeline_(timeline), duration_(duration) {}

  std::vector<Expectation> load(const TreeNode& node) {
    for (const TreeNode& item : read_list(node, "expect", "expectations")) {
      const Kind& kind = kind_of(item);
      const SectionReader reader(item, section(kind.section));
      Expectation expectation;
      expectation.position = item.position;
      expectation.kind = load_kind(kind.key, reader);
      expectation.name = name_for(reader, kind.key);
      if (kind.key == "answer" || kind.key == "exchanges" || kind.key == "found") {
        add(std::move(expectation), item);  // of the bus, whichever meters are on it
        continue;
      }
      if (const TreeNode* n = reader.find("meter")) {
        expectation.meter = load_meter_name(*n, meters_);
        add(std::move(expectation), item);
        continue;
      }
      const std::string name = expectation.name;
      for (std::size_t i = 0; i < meters_.size(); ++i) {
        expectation.meter = static_cast<int>(i);
        expectation.name = meters_.size() == 1 ? name : name + " of " + meters_[i].id;
        add(expectation, item);
      }
    }
    return std::move(expectations_);
  }

 private:
  void add(Expectation expectation, const TreeNode& item) {
    if (expectations_.size() >= expectations_max) {
      throw InputError(item.position, fmt::format("found more than {} expectations, expected fewer",
                                                  expectations_max));
    }
    if (!names_.insert(expectation.name).second) {
      throw InputError(
          item.position,
          fmt::format("found a second expectation called {}, expected a name of its own",
                      in_quotes(expectation.name)));
    }
    expectations_.push_back(std::move(expectation));
  }

  /// The given name, or one made of what is expected where and when.
  static std::string name_for(const SectionReader& reader, std::string_view kind) {
    if (const TreeNode* n = reader.find("name")) return read_text(*n, "name", 80);
    std::string name = fmt::format("{} {}", kind, reader.get(kind).text);
    if (kind == "answer" || kind == "exchanges" || kind == "found") {
      for (const std::string_view key :
           {"value", "outcome", "meter", "exception", "step", "error"}) {
        const bool known = section(fmt::format("expect_{}", kind)).find(key) != nullptr;
        const TreeNode* n = known ? reader.find(key) : nullptr;
        if (n != nullptr) name += fmt::format(" {} {}", key, n->text);
      }
      return name;
    }
    const bool has_phase = kind == "accuracy";
    if (has_phase && reader.has("phase")) name += " " + reader.find("phase")->text;
    if (has_phase && reader.has("direction")) name += " " + reader.find("direction")->text;
    if (section(fmt::format("expect_{}", kind)).find("at") != nullptr) {
      return name + " at " + reader.get("at").text;
    }
    if (const TreeNode* n = reader.find("from")) name += " from " + n->text;
    if (const TreeNode* n = reader.find("to")) name += " to " + n->text;
    return name;
  }

  /// [from, to); the whole run where nothing is said.
  void load_interval(const SectionReader& reader, Ps& from, Ps& to) const {
    from = 0;
    to = duration_;
    if (const TreeNode* n = reader.find("from")) from = read_time(*n, "from");
    if (const TreeNode* n = reader.find("to")) {
      to = read_time(*n, "to");
      if (to <= from) refuse(*n, "to", "a time after " + show_time(from));
    } else if (to <= from) {
      to = from + 1;  // begins after the end: never reached
    }
  }

  /// The output and the interval of an expectation on pulses.
  template <typename T>
  T load_pulses(const SectionReader& reader, const TreeNode& what, std::string_view kind) const {
    constexpr std::array outputs = {Output::s0_forward, Output::s0_reverse, Output::led_active,
                                    Output::led_reactive};
    T out;
    out.output = outputs[read_choice(what, kind, "output")];
    load_interval(reader, out.from, out.to);
    return out;
  }

  ExpectationKind load_kind(std::string_view kind, const SectionReader& reader) const {
    const TreeNode& what = reader.get(kind);
    if (kind == "register" || kind == "raw") return load_row(reader, what, kind);
    if (kind == "accuracy") return load_accuracy(reader, what);
    if (kind == "count") return load_count(reader, what);
    if (kind == "follows_truth") {
      auto out = load_pulses<ExpectFollowsTruth>(reader, what, kind);
      if (const TreeNode* n = reader.find("within")) {
        out.within = read_value(*n, "within", "number", 1, 1e9, "1 to 1000000000");
      }
      return out;
    }
    if (kind == "width") {
      auto out = load_pulses<ExpectWidth>(reader, what, kind);
      out.equals = read_duration(reader.get("equals"), "equals");
      if (const TreeNode* n = reader.find("tolerance")) out.tolerance = read_time(*n, "tolerance");
      return out;
    }
    if (kind == "interval") {
      auto out = load_pulses<ExpectInterval>(reader, what, kind);
      out.equals = read_duration(reader.get("equals"), "equals");
      out.tolerance = read_time(reader.get("tolerance"), "tolerance");
      return out;
    }
    if (kind == "jitter") {
      auto out = load_pulses<ExpectJitter>(reader, what, kind);
      out.within = read_time(reader.get("within"), "within");
      return out;
    }
    if (kind == "silent") return load_pulses<ExpectSilent>(reader, what, kind);
    if (kind == "display") return load_display(reader);
    if (kind == "symbols") return load_symbols(reader);
    if (kind == "page") return load_page(reader);
    if (kind == "backlight") return load_backlight(reader);
    if (kind == "answer" || kind == "exchanges") {
      const std::optional<std::size_t> ir = find_ir_entry(what, timeline_);
      if (kind == "answer") {
        if (ir) return load_ir_answer(reader, *ir, timeline_);
        return load_answer(reader, timeline_, meters_);
      }
      if (ir) return load_ir_exchanges(reader, *ir);
      return load_exchanges(reader, timeline_, meters_);
    }
    if (kind == "found") return load_found(reader, timeline_);
    ExpectDiagnostic out;
    read_choice(what, kind, "diagnostic_name");
    out.event = what.text;
    load_interval(reader, out.from, out.to);
    out.equals = read_count(reader.get("equals"), "equals", 0, 1'000'000'000);
    return out;
  }

  static ExpectRow load_row(const SectionReader& reader, const TreeNode& what,
                            std::string_view kind) {
    ExpectRow out;
    out.row = &load_register(what, kind);
    if (!metrology::registers::may_read(
            metrology::registers::access(*out.row, metrology::registers::Port::debug))) {
      refuse(what, kind, "a register that can be read");
    }
    out.raw = kind == "raw";
    out.at = read_time(reader.get("at"), "at");
    if (out.raw && (out.row->type != metrology::registers::ValueType::floating ||
                    out.row->unit == metrology::registers::Unit::imp_per_kWh)) {
      refuse(what, kind, "a measured register");
    }
    load_row_limits(reader, out);
    return out;
  }

  ExpectAccuracy load_accuracy(const SectionReader& reader, const TreeNode& what) const {
    ExpectAccuracy out;
    out.what = static_cast<Measured>(read_choice(what, "accuracy", "measured"));
    load_interval(reader, out.from, out.to);
    const bool energy = is_energy(out.what);
    const bool per_phase = out.what == Measured::voltage || out.what == Measured::current;
    if (const TreeNode* n = reader.find("phase")) {
      out.phase = static_cast<int>(read_choice(*n, "phase", "phase_or_total"));
      if (per_phase && out.phase == 3) refuse(*n, "phase", "L1, L2 or L3");
      if (out.what == Measured::frequency) refuse(*n, "phase", "none beside a frequency");
    } else if (per_phase) {
      throw InputError(reader.position(), "found no phase, expected L1, L2 or L3");
    }
    if (const TreeNode* n = reader.find("direction")) {
      if (!energy) refuse(*n, "direction", "it only beside an energy");
      out.reverse = read_choice(*n, "direction", "energy_direction") == 1;
    }
    load_band(reader.get("within"), out);
    if (const TreeNode* n = reader.find("of")) {
      out.of_apparent = read_choice(*n, "of", "reference") == 1;
      if (out.of_apparent &&
          (!out.within.relative || per_phase || out.what == Measured::frequency)) {
        refuse(*n, "of", "it only beside a percentage of a power or an energy");
      }
    }
    return out;
  }

  /// A percentage, or an absolute error in base units of what is measured.
  static void load_band(const TreeNode& node, ExpectAccuracy& out) {
    constexpr std::array<Dimension, 7> dimensions = {
        Dimension::active_energy,  Dimension::reactive_energy, Dimension::active_power,
        Dimension::reactive_power, Dimension::voltage,         Dimension::current,
        Dimension::frequency};
    const Dimension own = dimensions[static_cast<std::size_t>(out.what)];
    const ParsedQuantity parsed = parse_quantity(
        node.kind == TreeNode::Kind::scalar ? node.text : std::string(), {Dimension::ratio, own});
    if (!parsed.quantity) {
      refuse(node, "within",
             fmt::format("a percentage, or {} such as {}", name_of(own), example_of(own)));
    }
    out.within.value = parsed.quantity->value();
    out.within.relative = parsed.quantity->dimension == Dimension::ratio;
    out.within.shown = node.text;
    if (!(out.within.value > 0) || (out.within.relative && out.within.value > 1)) {
      refuse(node, "within", "more than 0, and no more than 100 %");
    }
  }

  ExpectCount load_count(const SectionReader& reader, const TreeNode& what) const {
    auto out = load_pulses<ExpectCount>(reader, what, "count");
    const TreeNode& equals = reader.get("equals");
    const bool truth = equals.kind == TreeNode::Kind::scalar && equals.text == "truth";
    if (!truth) out.equals = read_count(equals, "equals", 0, 1'000'000'000'000);
    out.tolerance = truth ? 1 : 0;
    if (const TreeNode* n = reader.find("tolerance")) {
      out.tolerance = read_count(*n, "tolerance", truth ? 1 : 0, 1'000'000'000);
    }
    return out;
  }

  const std::vector<MeterSpec>& meters_;
  const std::vector<TimelineEntry>& timeline_;
  Ps duration_;
  std::set<std::string> names_;
  std::vector<Expectation> expectations_;
};

}  // namespace

std::string_view name_of(Output output) {
  switch (output) {
    case Output::led_active:
      return "led_active";
    case Output::led_reactive:
      return "led_reactive";
    case Output::s0_forward:
      return "s0_forward";
    case Output::s0_reverse:
      return "s0_reverse";
  }
  return "";
}

void load_row_limits(const SectionReader& reader, ExpectRow& out) {
  const bool number = out.row->type == metrology::registers::ValueType::floating ||
                      out.row->type == metrology::registers::ValueType::integer;
  if (const TreeNode* n = reader.find("equals")) {
    out.equals = load_row_value(*n, "equals", *out.row);
    if (reader.has("at_least") || reader.has("at_most")) {
      refuse(*n, "equals", "either equals or limits, not both");
    }
  }
  for (const std::string_view key : {"at_least", "at_most"}) {
    const TreeNode* n = reader.find(key);
    if (n == nullptr) continue;
    if (!number) refuse(*n, key, "equals: this register is a text");
    (key == "at_least" ? out.at_least : out.at_most) = load_row_value(*n, key, *out.row);
  }
  if (!out.equals && !out.at_least && !out.at_most) {
    throw InputError(reader.position(), "found no equals, at_least or at_most, expected one");
  }
  if (const TreeNode* n = reader.find("tolerance")) {
    if (!out.equals || !number) refuse(*n, "tolerance", "it only beside equals and a number");
    out.tolerance = load_row_tolerance(*n, "tolerance", *out.row);
  }
}

std::vector<Expectation> load_expectations(const TreeNode& node,
                                           const std::vector<MeterSpec>& meters,
                                           const std::vector<TimelineEntry>& timeline,
                                           Ps duration) {
  return ExpectationLoader(meters, timeline, duration).load(node);
}

}  // namespace tools
