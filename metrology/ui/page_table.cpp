#include "metrology/ui/page_table.h"

namespace metrology::ui {

namespace {

std::uint8_t after(std::uint8_t number) {
  return number == page_count ? first_page : static_cast<std::uint8_t>(number + 1);
}

std::uint8_t before(std::uint8_t number) {
  return number == first_page ? std::uint8_t{page_count} : static_cast<std::uint8_t>(number - 1);
}

}  // namespace

bool has(hal::MeterVariant variant, const Page& page) {
  switch (page.models) {
    case Models::ct:
      return hal::is_ct(variant);
    case Models::with_bus:
      return variant != hal::MeterVariant::s && variant != hal::MeterVariant::s_ct;
    case Models::all:
      break;
  }
  return true;
}

std::uint8_t next_page(hal::MeterVariant variant, std::uint8_t number) {
  do {
    number = after(number);
  } while (!has(variant, page_of(number)));
  return number;
}

std::uint8_t previous_page(hal::MeterVariant variant, std::uint8_t number) {
  do {
    number = before(number);
  } while (!has(variant, page_of(number)));
  return number;
}

std::uint8_t next_scrolling_page(hal::MeterVariant variant, const ScrollMask& mask,
                                 std::uint8_t number) {
  for (int tried = 0; tried < page_count; ++tried) {
    number = next_page(variant, number);
    if (is_set(mask, number)) return number;
  }
  return first_page;
}

}  // namespace metrology::ui
