#include "tools/engine/damage.h"

#include "metrology/hal/memory_map.h"
#include "metrology/storage/layout.h"
#include "metrology/storage/record.h"

namespace tools {
namespace {

namespace storage = metrology::storage;
using models::eeprom::Eeprom;
using storage::RecordKind;

constexpr std::uint8_t one_bit = 0x10;
/// Behind every record's header, where something of it always stands.
constexpr std::size_t payload = storage::header_bytes;

/// Where the newest whole record of `count` places stands; nothing if there is none.
template <typename AddressOf>
std::optional<std::size_t> newest(const std::vector<std::uint8_t>& image, RecordKind kind,
                                  std::uint32_t count, AddressOf address_of) {
  std::optional<std::size_t> found;
  std::uint32_t best = 0;
  for (std::uint32_t n = 0; n < count; ++n) {
    const std::size_t address = address_of(n);
    std::uint32_t sequence = 0;
    if (!storage::is_sealed(kind, &image[address], sequence)) continue;
    if (found && !storage::is_newer(sequence, best)) continue;
    found = address;
    best = sequence;
  }
  return found;
}

std::optional<std::size_t> newest(const std::vector<std::uint8_t>& image, RecordKind kind) {
  if (kind == RecordKind::counters) {
    return newest(image, kind, storage::slot_count, storage::slot_address);
  }
  const int config = static_cast<int>(kind);
  return newest(image, kind, storage::copy_count, [config](std::uint32_t copy) {
    return storage::config_address(config, static_cast<int>(copy));
  });
}

void damage_newest(Eeprom& eeprom, RecordKind kind) {
  if (const auto address = newest(eeprom.image(), kind)) {
    eeprom.corrupt(*address + payload, one_bit);
  }
}

void damage_all(Eeprom& eeprom) {
  for (int config = 0; config < storage::config_count; ++config) {
    for (int copy = 0; copy < storage::copy_count; ++copy) {
      eeprom.corrupt(storage::config_address(config, copy) + payload, one_bit);
    }
  }
  for (std::uint32_t slot = 0; slot < storage::slot_count; ++slot) {
    eeprom.corrupt(storage::slot_address(slot) + payload, one_bit);
  }
}

void erase(Eeprom& eeprom) {
  const std::vector<std::uint8_t> image = eeprom.image();
  for (std::size_t n = 0; n < image.size(); ++n) {
    eeprom.corrupt(n, static_cast<std::uint8_t>(~image[n]));
  }
}

}  // namespace

void damage(Fault fault, Eeprom& eeprom, platform::Meter& meter) {
  switch (fault) {
    case Fault::eeprom_dead:
      eeprom.set_dead(true);
      break;
    case Fault::eeprom_stuck:
      eeprom.set_stuck(true);
      break;
    case Fault::eeprom_works:
      eeprom.set_dead(false);
      eeprom.set_stuck(false);
      break;
    case Fault::settings_damaged:
      damage_newest(eeprom, RecordKind::settings);
      break;
    case Fault::calibration_damaged:
      damage_newest(eeprom, RecordKind::calibration);
      break;
    case Fault::compensation_damaged:
      damage_newest(eeprom, RecordKind::compensation);
      break;
    case Fault::counters_damaged:
      damage_newest(eeprom, RecordKind::counters);
      break;
    case Fault::storage_erased:
      erase(eeprom);
      break;
    case Fault::storage_lost:
      damage_all(eeprom);
      break;
    case Fault::program_damaged:
      meter.damage_flash(metrology::hal::program_block_base + 0x40, one_bit);
      break;
  }
}

}  // namespace tools
