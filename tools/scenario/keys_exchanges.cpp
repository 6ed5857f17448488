#include "tools/scenario/keys.h"

namespace tools {

std::vector<Section> exchange_sections() {
  const Key expectation_name{"name", "name", false, "What the verdict table calls it."};
  return {
      {"expect_answer",
       {{"answer", "name", true,
         "Every answer to the modbus, mbus or ir entry of the timeline of that name."},
        expectation_name,
        {"meter", "name", false, "Of a modbus or mbus entry: only what this meter was asked."},
        {"outcome", "outcome", false,
         "What came of it; answer without it, exception and error, or acknowledge of an mbus or ir "
         "entry that asks for no data."},
        {"step", "ir_step", false,
         "Of an ir entry: the message that is meant; without it what the entry is about, or where "
         "it stopped."},
        {"value", "ir_item", false,
         "The register whose value is looked for: of an mbus entry in the records of all "
         "telegrams; "
         "of an ir entry an OBIS code, too."},
        {"record", "record_state", false,
         "Of an mbus entry: what is expected of that record instead of a value."},
        {"identification", "ir_identification", false,
         "Of an ir entry: what the meter called itself, behind the slash."},
        {"equals", "register_value", false, "The value read, with the register's unit."},
        {"tolerance", "band", false, "Allowed difference from equals; none without it."},
        {"at_least", "measured_value", false, "Instead of equals: lowest value."},
        {"at_most", "measured_value", false, "Instead of equals: highest value."},
        {"bytes", "hex_bytes", false, "All bytes of the answer, its CRC, checksum or BCC too."},
        {"exception", "count", false, "Its code."},
        {"error", "count", false,
         "The code of an M-Bus answer with CI 70, or of an infra-red one such as (ER03)."},
        {"tries", "count", false, "Of an ir entry: how many messages it took, NAKs too."},
        {"no_sooner", "time", false,
         "From the request's last stop bit to the answer's first start bit, at the master."},
        {"no_later", "time", false, "The same."}}},
      {"expect_exchanges",
       {{"exchanges", "name", true,
         "What the modbus, mbus or ir entry of that name asked; each telegram counts."},
        expectation_name,
        {"meter", "name", false, "Of a modbus or mbus entry: only what this meter was asked."},
        {"step", "ir_step", false, "Of an ir entry: the messages that are meant."},
        {"outcome", "outcome", true, "What came of it."},
        {"equals", "count", false, "So many."},
        {"at_least", "count", false, "Instead of equals: so many or more."},
        {"at_most", "count", false, "Instead of equals: so many or fewer."}}},
      {"expect_found",
       {{"found", "name", true, "What the search or the scan of that name found."},
        {"name", "name", false, "What the verdict table calls it."},
        {"meters", "all_meters", false, "all: every meter on the M-Bus, and nobody else."},
        {"ids", "mbus_id_list", false, "These identifications of a search, in any order."},
        {"addresses", "address_list", false, "These addresses of a scan, in any order."},
        {"equals", "count", false, "So many."},
        {"clashes", "count", false,
         "So many places where several answered and nothing told them apart; 0 without it."}}},
  };
}

}  // namespace tools
