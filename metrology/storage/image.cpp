#include "metrology/storage/image.h"

namespace metrology::storage {

namespace {

template <typename Put>
void put_copies(Config config, const Put& put_record, std::uint8_t* image) {
  const RecordKind kind = kind_of(static_cast<int>(config));
  for (int copy = 0; copy < copy_count; ++copy) {
    std::uint8_t* page = image + config_address(static_cast<int>(config), copy);
    put_record(page);
    seal(kind, static_cast<std::uint32_t>(copy) + 1, page);
  }
}

}  // namespace

void make_image(const registers::Settings& settings, const Calibration& calibration,
                const Counters& counters, std::uint8_t* image) {
  for (std::uint32_t n = 0; n < eeprom_bytes; ++n) image[n] = 0xFF;
  put_copies(
      Config::settings, [&](std::uint8_t* page) { put(settings, page); }, image);
  put_copies(
      Config::calibration, [&](std::uint8_t* page) { put(calibration, page); }, image);
  put_copies(
      Config::compensation, [&](std::uint8_t* page) { put_compensation(calibration, page); },
      image);
  for (std::uint32_t sequence = 0; sequence < copy_count; ++sequence) {
    std::uint8_t* slot = image + slot_address(slot_of(sequence));
    put(counters, slot);
    seal(RecordKind::counters, sequence, slot);
  }
}

}  // namespace metrology::storage
