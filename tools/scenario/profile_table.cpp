#include "tools/scenario/profile_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/recordings/recording.h"
#include "models/recordings/text.h"
#include "tools/scenario/profile_stamps.h"
#include "tools/scenario/units.h"

namespace tools {
namespace {

namespace recordings = models::recordings;
using recordings::shown;

constexpr double amperes_max = 100e3;
constexpr double volts_max = 100e3;
constexpr double watts_max = 100e9;

enum class Quantity : std::uint8_t { voltage, current, power, energy, reactive, factor };

struct UnitRow {
  std::string_view name;
  double factor;  ///< to V, A, W, W·s, var
};

struct QuantityRow {
  std::string_view symbol;
  Quantity quantity;
  double low;
  double high;
  std::vector<UnitRow> units;
};

const std::vector<QuantityRow>& quantity_rows() {
  static const std::vector<QuantityRow> table = {
      {"U", Quantity::voltage, 0, volts_max, {{"V", 1}, {"kV", 1e3}}},
      {"I", Quantity::current, -amperes_max, amperes_max, {{"A", 1}, {"mA", 1e-3}, {"kA", 1e3}}},
      {"P", Quantity::power, -watts_max, watts_max, {{"W", 1}, {"kW", 1e3}, {"MW", 1e6}}},
      {"E",
       Quantity::energy,
       -watts_max,
       watts_max,
       {{"Wh", 3600}, {"kWh", 3.6e6}, {"MWh", 3.6e9}}},
      {"Q", Quantity::reactive, -watts_max, watts_max, {{"var", 1}, {"kvar", 1e3}, {"Mvar", 1e6}}},
      {"PF", Quantity::factor, -1, 1, {}},
  };
  return table;
}

/// "P1" is the row of P and phase 0; "P" that of all: −1.
struct Meaning {
  const QuantityRow* row = nullptr;
  int phase = -1;
};

Meaning meaning_of(std::string_view name) {
  int phase = -1;
  if (!name.empty() && name.back() >= '1' && name.back() <= '3') {
    phase = name.back() - '1';
    name.remove_suffix(1);
  }
  for (const QuantityRow& row : quantity_rows()) {
    if (row.symbol == name) return {&row, phase};
  }
  return {};
}

const UnitRow* unit_of(const QuantityRow& row, std::string_view name) {
  for (const UnitRow& unit : row.units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

/// "P1 [kW]" in its two parts.
struct HeadName {
  std::string_view name;
  std::string_view unit;
};

HeadName split_name(std::string_view text) {
  const std::size_t bracket = text.rfind('[');
  if (bracket == std::string_view::npos || text.empty() || text.back() != ']') return {text, {}};
  return {recordings::trimmed(text.substr(0, bracket)),
          recordings::trimmed(text.substr(bracket + 1, text.size() - bracket - 2))};
}

struct Cell {
  std::string_view text;
  bool quoted = false;
  int column = 1;  ///< where it begins in its line
};

void split_cells(std::string_view line, char separator, std::vector<Cell>& cells) {
  cells.clear();
  std::size_t at = 0;
  for (;;) {
    const std::size_t first = std::min(line.find_first_not_of(' ', at), line.size());
    const bool quoted = first < line.size() && line[first] == '"';
    const std::size_t close = quoted ? line.find('"', first + 1) : std::string_view::npos;
    const std::size_t end =
        std::min(line.find(separator, close == std::string_view::npos ? at : close), line.size());
    std::string_view text = recordings::trimmed(line.substr(at, end - at));
    const bool whole = quoted && text.size() > 1 && text.back() == '"';
    if (whole) text = recordings::trimmed(text.substr(1, text.size() - 2));
    cells.push_back({text, whole, static_cast<int>(first) + 1});
    if (end == line.size()) return;
    at = end + 1;
  }
}

bool same_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// A column that is read, and what becomes of its values.
struct Reading {
  std::size_t cell;
  Meaning meaning;
  double factor;
};

class TableReader {
 public:
  TableReader(std::string_view text, const std::string& file, const ProfileFormat& format)
      : format_(format), lines_(without_mark(text), {file}), file_(file) {
    out_.file = file;
  }

  ProfileTable read() {
    read_head();
    while (const std::optional<std::string_view> line = lines_.next()) {
      if (recordings::trimmed(*line).empty()) continue;
      read_row(*line);
    }
    if (out_.rows.empty()) lines_.refuse("no row", "at least one below the columns' names");
    set_lengths();
    return std::move(out_);
  }

 private:
  static std::string_view without_mark(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return text.substr(0, mark.size()) == mark ? text.substr(mark.size()) : text;
  }

  [[noreturn]] void refuse(int column, const std::string& found, const std::string& expected) {
    throw recordings::RecordingError(fmt::format("{}:{}:{}: found {}, expected {}", file_,
                                                 lines_.number(), column, found, expected));
  }

  void read_head() {
    std::string_view head;
    for (int line = 0; line < format_.header_line; ++line) {
      head = lines_.need("the names of the columns");
    }
    separator_ = head.find(';') != std::string_view::npos    ? ';'
                 : head.find('\t') != std::string_view::npos ? '\t'
                                                             : ',';
    split_cells(head, separator_, cells_);
    columns_ = cells_.size();
    for (const ProfileColumn& column : format_.columns) {
      const std::size_t cell = find(column.column);
      taken_.push_back(cell);
      add(cell, meaning_of(column.quantity),
          column.unit.empty() ? split_name(cells_[cell].text).unit : column.unit);
    }
    find_stamps();
    for (std::size_t k = 0; k < columns_; ++k) {
      if (std::find(taken_.begin(), taken_.end(), k) != taken_.end()) continue;
      const HeadName name = split_name(cells_[k].text);
      const Meaning meaning = meaning_of(name.name);
      if (meaning.row != nullptr) {
        add(k, meaning, name.unit);
      } else {
        out_.ignored.emplace_back(cells_[k].text);
      }
    }
    if (readings_.empty()) {
      refuse(1, shown(head), "columns such as P [kW], P1 [W], I1 [A] or U1 [V]");
    }
    check_columns();
  }

  std::size_t find(const std::string& name) {
    for (std::size_t k = 0; k < columns_; ++k) {
      if (cells_[k].text == name || split_name(cells_[k].text).name == name) return k;
    }
    std::string names;
    for (std::size_t k = 0; k < columns_ && k < 12; ++k) {
      names += (k > 0 ? ", " : "") + shown(cells_[k].text);
    }
    refuse(1, names, "a column " + shown(name));
  }

  void find_stamps() {
    if (!format_.date.empty()) taken_.push_back(date_cell_.emplace(find(format_.date)));
    if (!format_.time.empty()) {
      time_cell_ = find(format_.time);
    } else {
      for (std::size_t k = 0; k < columns_ && !time_cell_; ++k) {
        const HeadName name = split_name(cells_[k].text);
        if (same_word(name.name, "time")) time_cell_ = k;
      }
    }
    if (time_cell_) {
      taken_.push_back(*time_cell_);
    } else if (!format_.interval || date_cell_) {
      refuse(1, "no column time",
             date_cell_ ? "one beside that of the dates" : "one, or the key time, or an interval");
    }
  }

  void add(std::size_t cell, Meaning meaning, std::string_view unit) {
    const QuantityRow& row = *meaning.row;
    double factor = 1;
    if (!row.units.empty()) {
      const UnitRow* known = unit_of(row, unit);
      if (known == nullptr) {
        refuse(
            cells_[cell].column,
            unit.empty() ? shown(cells_[cell].text) + " without a unit" : "the unit " + shown(unit),
            fmt::format("{}, in brackets behind the name or under columns",
                        profile_units(row.symbol)));
      }
      factor = known->factor;
    }
    for (const Reading& other : readings_) {
      if (other.meaning.row == meaning.row &&
          (other.meaning.phase == meaning.phase || other.meaning.phase < 0 || meaning.phase < 0)) {
        refuse(cells_[cell].column, shown(cells_[cell].text),
               fmt::format("{} once, for each phase or for all", row.symbol));
      }
    }
    readings_.push_back({cell, meaning, factor});
  }

  /// Fills in which columns there are, and refuses those that contradict each other.
  void check_columns() {
    for (const Reading& reading : readings_) {
      const Quantity quantity = reading.meaning.row->quantity;
      const bool all = reading.meaning.phase < 0;
      const bool shared = quantity == Quantity::power || quantity == Quantity::energy;
      if (all && shared) out_.total_load = true;
      if (all && quantity == Quantity::reactive) out_.total_reactive = true;
      for (int i = 0; i < models::grid::phase_count; ++i) {
        if (all || reading.meaning.phase == i)
          mark(out_.columns[static_cast<std::size_t>(i)], reading);
      }
    }
    for (const Reading& reading : readings_) {
      for (const ProfileColumns& phase : out_.columns) {
        const Quantity quantity = reading.meaning.row->quantity;
        if (phase.reactive == ProfileReactive::power && phase.load != ProfileLoad::power &&
            quantity == Quantity::reactive) {
          refuse(cells_[reading.cell].column, "Q without P", "P or E beside it");
        }
        if (phase.reactive == ProfileReactive::factor && phase.load == ProfileLoad::none &&
            quantity == Quantity::factor && reading.meaning.phase >= 0) {
          refuse(cells_[reading.cell].column, "PF alone", "P, E or I beside it");
        }
      }
    }
  }

  void mark(ProfileColumns& phase, const Reading& reading) {
    const auto once = [&](bool free, const char* what) {
      if (!free) refuse(cells_[reading.cell].column, shown(cells_[reading.cell].text), what);
    };
    switch (reading.meaning.row->quantity) {
      case Quantity::voltage:
        phase.voltage = true;
        break;
      case Quantity::current:
        once(phase.load == ProfileLoad::none, "one of P, E and I of a phase");
        phase.load = ProfileLoad::current;
        break;
      case Quantity::power:
      case Quantity::energy:
        once(phase.load == ProfileLoad::none, "one of P, E and I of a phase");
        phase.load = ProfileLoad::power;
        break;
      case Quantity::reactive:
        once(phase.reactive == ProfileReactive::none, "one of Q and PF of a phase");
        phase.reactive = ProfileReactive::power;
        break;
      case Quantity::factor:
        once(phase.reactive == ProfileReactive::none, "one of Q and PF of a phase");
        phase.reactive = ProfileReactive::factor;
        break;
    }
  }

  void read_row(std::string_view line) {
    split_cells(line, separator_, cells_);
    if (cells_.size() != columns_) {
      refuse(cells_.size() < columns_ ? static_cast<int>(line.size()) + 1 : cells_[columns_].column,
             fmt::format("{} cells", cells_.size()), fmt::format("{}", columns_));
    }
    if (out_.rows.size() == most_profile_rows) {
      refuse(1, fmt::format("more than {} rows", most_profile_rows), "fewer");
    }
    ProfileRow& row = out_.rows.emplace_back();
    row.begin = begin_of_row();
    for (const Reading& reading : readings_) {
      const double value = value_of(cells_[reading.cell], reading);
      for (int i = 0; i < models::grid::phase_count; ++i) {
        if (reading.meaning.phase >= 0 && reading.meaning.phase != i) continue;
        put(row.phases[static_cast<std::size_t>(i)], reading.meaning.row->quantity, value);
      }
    }
  }

  static void put(ProfilePhase& phase, Quantity quantity, double value) {
    switch (quantity) {
      case Quantity::voltage:
        phase.voltage_V = value;
        break;
      case Quantity::current:
      case Quantity::power:
      case Quantity::energy:
        phase.load = value;
        break;
      case Quantity::reactive:
      case Quantity::factor:
        phase.reactive = value;
        break;
    }
  }

  double value_of(const Cell& cell, const Reading& reading) {
    const QuantityRow& row = *reading.meaning.row;
    std::string text(cell.text);
    if (separator_ != ',' || cell.quoted) std::replace(text.begin(), text.end(), ',', '.');
    const std::optional<Decimal> number = parse_decimal(text);
    if (!number) {
      refuse(cell.column, shown(cell.text), fmt::format("a number, the value of {}", row.symbol));
    }
    const double value = number->to_double();
    if (!(value * reading.factor >= row.low && value * reading.factor <= row.high)) {
      refuse(cell.column, shown(cell.text),
             fmt::format("a value of {} from {:g} to {:g}", row.symbol, row.low / reading.factor,
                         row.high / reading.factor));
    }
    return value * reading.factor;
  }

  /// Of the row whose cells have been split, since the first row's.
  Ps begin_of_row() {
    const std::size_t index = out_.rows.size() - 1;
    if (!time_cell_) return by_interval(index);
    const Cell& cell = cells_[*time_cell_];
    std::string text(cell.text);
    if (date_cell_) text = std::string(cells_[*date_cell_].text) + " " + text;
    if (separator_ != ',' || cell.quoted) std::replace(text.begin(), text.end(), ',', '.');
    const std::optional<Int128> stamp = stamps_.read(text);
    if (!stamp) {
      refuse(cell.column, shown(text),
             "a time like the others: seconds, 00:15 or 2026-01-31T00:15:00");
    }
    if (index == 0) first_stamp_ = *stamp;
    const Int128 since_first = *stamp - first_stamp_;
    const bool rises = index == 0 || since_first > out_.rows[index - 1].begin;
    if (!rises || since_first > models::pins::ps_max_segment * Int128{10}) {
      refuse(cell.column, shown(text), "a time after the one before it");
    }
    const Ps begin = static_cast<Ps>(since_first);
    if (format_.interval && begin != by_interval(index)) {
      refuse(cell.column, shown(text),
             "a time one interval, " + show_time(*format_.interval) + ", after the one before it");
    }
    return begin;
  }

  Ps by_interval(std::size_t index) {
    const Ps interval = *format_.interval;
    if (index > 0 && interval > 10 * models::pins::ps_max_segment / index) {
      refuse(1, "a row that begins after 2000 d", "fewer");
    }
    return interval * index;
  }

  /// A stamp is a row's begin or its end; energies become powers.
  void set_lengths() {
    std::vector<ProfileRow>& rows = out_.rows;
    const std::size_t count = rows.size();
    if (count == 1 && !format_.interval) {
      lines_.refuse("one row", "two at least, or an interval");
    }
    const Ps last =
        format_.interval.value_or(count > 1 ? rows[count - 1].begin - rows[count - 2].begin : 0);
    if (format_.stamps_at_end && time_cell_) {
      // Row k lasts from stamp k − 1 to stamp k, the first as long as the second.
      const Ps first = format_.interval.value_or(count > 1 ? rows[1].begin : 0);
      out_.length = rows.back().begin + first;
      for (std::size_t k = count - 1; k > 0; --k) rows[k].begin = rows[k - 1].begin + first;
      rows[0].begin = 0;
    } else {
      out_.length = rows.back().begin + last;
    }
    for (const Reading& reading : readings_) {
      if (reading.meaning.row->quantity == Quantity::energy) to_power(reading.meaning.phase);
    }
  }

  void to_power(int only) {
    for (std::size_t k = 0; k < out_.rows.size(); ++k) {
      const Ps end = k + 1 < out_.rows.size() ? out_.rows[k + 1].begin : out_.length;
      const double seconds = static_cast<double>(end - out_.rows[k].begin) * 1e-12;
      for (int i = 0; i < models::grid::phase_count; ++i) {
        if (only < 0 || only == i) out_.rows[k].phases[static_cast<std::size_t>(i)].load /= seconds;
      }
    }
  }

  const ProfileFormat& format_;
  recordings::Lines lines_;
  std::string file_;
  ProfileTable out_;
  char separator_ = ',';
  std::size_t columns_ = 0;
  std::vector<Cell> cells_;
  std::vector<std::size_t> taken_;
  std::vector<Reading> readings_;
  std::optional<std::size_t> time_cell_;
  std::optional<std::size_t> date_cell_;
  ProfileStamps stamps_;
  Int128 first_stamp_ = 0;
};

}  // namespace

std::vector<std::string> profile_quantities() {
  std::vector<std::string> out;
  for (const QuantityRow& row : quantity_rows()) {
    for (const char* phase : {"", "1", "2", "3"}) out.push_back(std::string(row.symbol) + phase);
  }
  return out;
}

bool is_profile_unit(std::string_view quantity, std::string_view unit) {
  const Meaning meaning = meaning_of(quantity);
  return meaning.row != nullptr && unit_of(*meaning.row, unit) != nullptr;
}

std::string profile_units(std::string_view quantity) {
  const Meaning meaning = meaning_of(quantity);
  if (meaning.row == nullptr) return {};
  std::string out;
  const std::vector<UnitRow>& units = meaning.row->units;
  for (std::size_t k = 0; k < units.size(); ++k) {
    if (k > 0) out += k + 1 == units.size() ? " or " : ", ";
    out += units[k].name;
  }
  return out;
}

ProfileTable read_profile(const std::string& path, const ProfileFormat& format) {
  const std::string text = recordings::read_bytes(path);
  return TableReader(text, path, format).read();
}

}  // namespace tools
