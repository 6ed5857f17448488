#include "metrology/storage/image.h"

namespace metrology::storage {

namespace {

template <typename Record>
void put_copies(RecordKind kind, Config config, const Record& record, std::uint8_t* image) {
  for (int copy = 0; copy < copy_count; ++copy) {
    std::uint8_t* page = image + config_address(static_cast<int>(config), copy);
    put(record, page);
    seal(kind, static_cast<std::uint32_t>(copy) + 1, page);
  }
}

}  // namespace

void make_image(const registers::Settings& settings, const Calibration& calibration,
                const Counters& counters, std::uint8_t* image) {
  for (std::uint32_t n = 0; n < eeprom_bytes; ++n) image[n] = 0xFF;
  put_copies(RecordKind::settings, Config::settings, settings, image);
  put_copies(RecordKind::calibration, Config::calibration, calibration, image);
  for (std::uint32_t sequence = 0; sequence < copy_count; ++sequence) {
    std::uint8_t* slot = image + slot_address(slot_of(sequence));
    put(counters, slot);
    seal(RecordKind::counters, sequence, slot);
  }
}

}  // namespace metrology::storage
