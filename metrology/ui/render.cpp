#include "metrology/ui/render.h"

#include "metrology/registers/status.h"
#include "metrology/registers/table.h"

namespace metrology::ui {

namespace {

using registers::MeterData;

constexpr std::uint16_t active_power_row = 0x2080;
constexpr std::uint16_t phase_power_rows[] = {0x2088, 0x208C, 0x2090};
constexpr std::uint16_t software_version_row = 0x1054;
constexpr std::uint16_t hardware_version_row = 0x1058;
/// The CT ratio's secondary side: n/5.
constexpr std::uint32_t secondary_A = 5;
constexpr char backlight_texts[][7] = {"bl btn", "bl off", "bl on"};

/// A line of the upper row as it is written: characters from the left, points after them.
class Text {
 public:
  void add(char character) {
    if (length_ < capacity) characters_[length_++] = character;
  }
  void add(const char* text) {
    for (; *text != '\0'; ++text) add(*text);
  }
  /// `value` in decimal, at least `least_digits` (up to 10) of them.
  void add_number(std::uint64_t value, int least_digits = 1) {
    char digits[20];
    int count = 0;
    while (value != 0 || count < least_digits) {
      digits[count++] = static_cast<char>('0' + value % 10);
      value /= 10;
    }
    while (count != 0) add(digits[--count]);
  }
  /// `value` in 10^-decimals.
  void add_fixed(std::uint64_t value, int decimals) {
    std::uint64_t scale = 1;
    for (int n = 0; n < decimals; ++n) scale *= 10;
    add_number(value / scale);
    if (decimals == 0) return;
    add('.');
    add_number(value % scale, decimals);
  }
  /// Takes back `character` at the end, as often as it stands there.
  void strip(char character) {
    while (length_ != 0 && characters_[length_ - 1] == character) --length_;
  }

  /// Into the digits, aligned to the right; eight '-' if it does not fit.
  void show(Picture& picture) const {
    int digit = digit_count - 1;
    std::uint8_t point = 0;
    for (int n = length_ - 1; n >= 0; --n) {
      if (characters_[n] == '.') {
        point = segment_point;
        continue;
      }
      if (digit < 0) {
        for (std::uint8_t& each : picture.digit) each = segments_of('-');
        return;
      }
      picture.digit[digit--] = static_cast<std::uint8_t>(segments_of(characters_[n]) | point);
      point = 0;
    }
  }
  int characters() const { return length_; }

 private:
  static constexpr int capacity = 24;
  char characters_[capacity] = {};
  int length_ = 0;
};

std::int64_t steps_of(const MeterData& data, std::uint16_t address) {
  return registers::steps(data, *registers::find(address));
}

void write_value(const MeterData& data, const Page& page, Text& text) {
  const registers::Row& row = *registers::find(page.row);
  const std::int64_t steps = registers::steps(data, row);
  if (steps < 0) text.add('-');
  text.add_fixed(static_cast<std::uint64_t>(steps < 0 ? -steps : steps), row.decimals);
}

void write_directions(const MeterData& data, Text& text) {
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    if (phase != 0) text.add(' ');
    text.add(static_cast<char>('1' + phase));
    text.add(steps_of(data, phase_power_rows[phase]) < 0 ? 'R' : 'F');
  }
}

void write_ratio(std::uint32_t primary_A, Text& text) {
  text.add_number(primary_A == 0 ? hal::ct_primaries_A[0] : primary_A);
  text.add('/');
  text.add_number(secondary_A);
}

/// "Ct" at the left, the ratio at the right: "Ct   5/5", "Ct7500/5".
void write_ratio_choice(std::uint8_t choice, Text& text) {
  Text ratio;
  write_ratio(hal::ct_primaries_A[choice], ratio);
  text.add("Ct");
  for (int n = 2 + ratio.characters(); n < digit_count; ++n) text.add(' ');
  write_ratio(hal::ct_primaries_A[choice], text);
}

void write_s0_rate(std::uint32_t rate_centi, Text& text) {
  text.add("S0 ");
  text.add_fixed(rate_centi, 2);
  text.strip('0');
  text.strip('.');
}

void write_status(const registers::Status& status, Text& text) {
  const std::uint32_t word = registers::status_word(status);
  const auto digit = [word](unsigned place) {
    return static_cast<char>('0' + ((word >> (4 * place)) & 1U));
  };
  text.add("S ");
  text.add(digit(5));
  text.add(digit(4));
  text.add(' ');
  text.add(digit(2));
  text.add(digit(1));
  text.add(digit(0));
}

void write_serial(std::uint32_t bcd, Text& text) {
  for (int n = digit_count - 1; n >= 0; --n) {
    text.add(static_cast<char>('0' + ((bcd >> (4 * static_cast<unsigned>(n))) & 0xFU)));
  }
}

void write_versions(const MeterData& data, Text& text) {
  text.add_fixed(static_cast<std::uint64_t>(steps_of(data, software_version_row)), 2);
  text.add(' ');
  text.add_fixed(static_cast<std::uint64_t>(steps_of(data, hardware_version_row)), 2);
}

void write_page(const MeterData& data, const View& view, const Page& page, Text& text) {
  const registers::Settings& settings = data.settings;
  const bool choosing =
      view.mode == Mode::scroll_time_choice || view.mode == Mode::backlight_choice;
  switch (page.content) {
    case Content::value:
      write_value(data, page, text);
      break;
    case Content::directions:
      write_directions(data, text);
      break;
    case Content::ratio:
      write_ratio(settings.ct_primary_A, text);
      break;
    case Content::s0_rate:
      write_s0_rate(settings.s0_rate_centi, text);
      break;
    case Content::combined_code:
      text.add("C-");
      text.add_number(static_cast<std::uint8_t>(settings.combined_code), 2);
      break;
    case Content::meter_id:
      text.add("id ");
      text.add_number(settings.meter_id, 3);
      break;
    case Content::serial:
      write_serial(settings.serial_bcd, text);
      break;
    case Content::scroll_time:
      text.add("rt ");
      text.add_number(choosing ? view.choice : settings.lcd_cycle_s, 2);
      break;
    case Content::baud_rate:
      text.add("bd ");
      text.add_number(settings.baud);
      break;
    case Content::status:
      write_status(data.status, text);
      break;
    case Content::backlight:
      text.add(backlight_texts[choosing ? view.choice : static_cast<int>(settings.backlight)]);
      break;
    case Content::versions:
      write_versions(data, text);
      break;
  }
}

Symbols symbols_of(const MeterData& data, const Page& page) {
  constexpr Symbols tariffs = lights(Symbol::T1, Symbol::T2);
  constexpr Symbols directions = lights(Symbol::FW, Symbol::RV);
  unsigned symbols = page.symbols;
  if ((page.symbols & tariffs) == 0) {
    symbols |= bit(data.tariff.active == energy::Tariff::t2 ? Symbol::T2 : Symbol::T1);
  }
  if ((page.symbols & directions) == 0) {
    symbols |= bit(steps_of(data, active_power_row) < 0 ? Symbol::RV : Symbol::FW);
  }
  return static_cast<Symbols>(symbols);
}

}  // namespace

Picture render(const MeterData& data, const View& view) {
  Picture picture{};
  Text text;
  if (view.mode == Mode::ratio_choice) {
    write_ratio_choice(view.choice, text);
    picture.symbols = bit(Symbol::A);
  } else {
    const Page& page = page_of(view.page);
    write_page(data, view, page, text);
    picture.symbols = symbols_of(data, page);
  }
  text.show(picture);
  return picture;
}

Frame frame_for(const MeterData& data, const View& view) {
  return view.mode == Mode::test_pattern ? full_frame() : frame_of(render(data, view));
}

}  // namespace metrology::ui
