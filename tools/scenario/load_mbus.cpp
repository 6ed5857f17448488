#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "metrology/registers/table.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace masters = models::masters;

constexpr std::array<std::string_view, 10> actions = {"service",   "reset",    "select", "readout",
                                                      "write",     "set_baud", "search", "scan",
                                                      "power_off", "bytes"};

std::string all_actions() {
  std::string out;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    out += fmt::format("{}{}", i == 0 ? "" : i + 1 == actions.size() ? " or " : ", ", actions[i]);
  }
  return out;
}

/// Eight digits, F for any.
std::uint32_t load_id(const TreeNode& node, std::string_view key) {
  const std::string text = read_text(node, key, 8);
  std::uint32_t id = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, id, 16);
  const bool digits = text.find_first_not_of("0123456789F") == std::string::npos;
  if (text.size() != 8 || !digits || parsed.ptr != end) {
    refuse(node, key, "eight digits, F for any, such as 1450FFFF");
  }
  return id;
}

masters::MbusSecondary load_mask(const TreeNode& node) {
  const SectionReader reader(node, section("mbus_mask"));
  masters::MbusSecondary out;
  if (const TreeNode* n = reader.find("id")) out.id = load_id(*n, "id");
  if (const TreeNode* n = reader.find("manufacturer")) {
    const std::string letters = read_text(*n, "manufacturer", 3);
    if (letters.size() != 3 ||
        !std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
      refuse(*n, "manufacturer", "three capital letters, such as INM");
    }
    out.manufacturer = masters::mbus_manufacturer(letters);
  }
  if (const TreeNode* n = reader.find("version")) {
    out.version = static_cast<std::uint8_t>(read_count(*n, "version", 0, 254));
  }
  if (const TreeNode* n = reader.find("medium")) {
    out.medium = static_cast<std::uint8_t>(read_count(*n, "medium", 0, 254));
  }
  if (const TreeNode* n = reader.find("fabrication")) {
    out.fabrication = load_id(*n, "fabrication");
  }
  return out;
}

void load_scan(const TreeNode& node, MbusEntry& out) {
  const SectionReader reader(node, section("mbus_scan"));
  if (const TreeNode* n = reader.find("from")) {
    out.scan_from = static_cast<int>(read_count(*n, "from", 0, masters::mbus_highest_primary));
  }
  if (const TreeNode* n = reader.find("to")) {
    out.scan_to =
        static_cast<int>(read_count(*n, "to", out.scan_from, masters::mbus_highest_primary));
  }
}

void load_subcode(const TreeNode& node, MbusEntry& out) {
  const std::string text = read_text(node, "reset", 4);
  if (text == "none") return;
  std::uint8_t code = 0;
  const char* end = text.data() + text.size();
  const auto parsed = text.size() == 4 ? std::from_chars(text.data() + 2, end, code, 16)
                                       : std::from_chars_result{text.data(), std::errc{}};
  if (text.rfind("0x", 0) != 0 || parsed.ptr != end || parsed.ec != std::errc{}) {
    refuse(node, "reset", "a subcode of two hexadecimal digits, such as 0x00, or none");
  }
  out.subcode = code;
}

/// The register and its value, as the record that goes out.
void load_written(const SectionReader& reader, const TreeNode& node, MbusEntry& out) {
  const metrology::registers::Row& row = load_register(node, "write");
  const TreeNode* value = reader.find("value");
  if (value == nullptr) {
    throw InputError(reader.position(), "found write without a value, expected value beside it");
  }
  const RegisterWrite write = load_write_value(*value, row);
  std::vector<std::uint8_t> held;
  for (std::size_t i = 0; i < row.bytes && i < 4; ++i) {
    held.push_back(static_cast<std::uint8_t>(write.words[0] >> (24 - 8 * i) & 0xFF));
  }
  const auto record = mbus_record_of(row, held);
  if (!record) {
    refuse(node, "write",
           "serial number, meter ID, S0 output rate, combined code, LCD cycle time or tariff; the "
           "rate by set_baud, anything else as bytes");
  }
  if (row.content == metrology::registers::Content::meter_id && write.number > 255) {
    refuse(*value, "value", "an address, 0 to 255");
  }
  out.row = &row;
  out.bytes = *record;
  out.shown = write.shown;
}

void load_what(const SectionReader& reader, const TreeNode& node, MbusEntry& out) {
  switch (out.action) {
    case MbusAction::service: {
      constexpr std::array<std::uint8_t, 3> controls = {
          masters::mbus_snd_nke, masters::mbus_req_ud1, masters::mbus_req_ud2};
      out.control = controls[read_choice(node, "service", "mbus_service")];
      break;
    }
    case MbusAction::reset:
      load_subcode(node, out);
      break;
    case MbusAction::select:
    case MbusAction::search:
      out.secondary = load_mask(node);
      if (out.action == MbusAction::search && out.secondary.fabrication) {
        refuse(node, "search", "a mask without a fabrication number");
      }
      break;
    case MbusAction::readout:
      out.ci = read_choice(node, "readout", "mbus_readout") == 0 ? 0xB1 : 0xB4;
      break;
    case MbusAction::write:
      load_written(reader, node, out);
      break;
    case MbusAction::set_baud: {
      const auto ci = mbus_ci_of(read_count(node, "set_baud", 1, 1'000'000));
      if (!ci) refuse(node, "set_baud", "300, 600, 1200, 2400, 4800, 9600, 19200 or 38400");
      out.ci = *ci;
      break;
    }
    case MbusAction::scan:
      load_scan(node, out);
      break;
    case MbusAction::power_off:
      out.power_off = read_duration(node, "power_off");
      break;
    case MbusAction::bytes:
      out.bytes = load_bytes(node, "bytes");
      break;
  }
}

void load_action(const SectionReader& reader, MbusEntry& out) {
  const TreeNode* found = nullptr;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const TreeNode* n = reader.find(actions[i]);
    if (n == nullptr) continue;
    if (found != nullptr) {
      throw InputError(n->position,
                       fmt::format("found {} beside {}, expected one of {}", actions[i],
                                   actions[static_cast<std::size_t>(out.action)], all_actions()));
    }
    found = n;
    out.action = static_cast<MbusAction>(i);
  }
  if (found == nullptr) {
    throw InputError(reader.position(),
                     fmt::format("found nothing to be done, expected {}", all_actions()));
  }
  load_what(reader, *found, out);
}

void load_frame(const SectionReader& reader, MbusEntry& out) {
  if (!out.asks_each()) refuse_keys(reader, {"to"}, "it only beside what one meter is asked");
  if (const TreeNode* n = reader.find("to")) {
    out.to = static_cast<std::uint8_t>(read_count(*n, "to", 0, 255));
  }
  const bool nke = out.action == MbusAction::service && out.control == masters::mbus_snd_nke;
  if (nke || out.action == MbusAction::bytes || out.action == MbusAction::select) {
    refuse_keys(reader, {"fcb"}, "it only beside a request that carries one");
  }
  if (const TreeNode* n = reader.find("fcb")) out.fcb = read_count(*n, "fcb", 0, 1) == 1;
  if (out.action == MbusAction::bytes) {
    refuse_keys(reader, {"checksum"}, "the checksum among the bytes themselves");
  }
  if (const TreeNode* n = reader.find("checksum")) {
    out.checksum = static_cast<FrameCrc>(read_choice(*n, "checksum", "crc"));
  }
  load_frame_faults(reader, mbus_frame_of(out, 0).size(), out);
}

void load_options(const SectionReader& reader, MbusEntry& out) {
  if (const TreeNode* n = reader.find("telegrams")) {
    const bool req_ud2 = out.action == MbusAction::service && out.control == masters::mbus_req_ud2;
    if (!req_ud2) refuse(*n, "telegrams", "it only beside service: REQ_UD2");
    out.all_telegrams = read_choice(*n, "telegrams", "telegrams") == 1;
  }
  if (out.action != MbusAction::write) refuse_keys(reader, {"value"}, "it only beside write");
  if (const TreeNode* n = reader.find("timeout")) out.timeout = read_duration(*n, "timeout");
  if (const TreeNode* n = reader.find("tries")) {
    out.tries = static_cast<int>(read_count(*n, "tries", 1, 10));
  }
  if (const TreeNode* n = reader.find("baud")) out.baud = load_baud(*n);
  if (const TreeNode* n = reader.find("parity")) out.parity = load_parity(*n);
}

}  // namespace

MbusEntry load_mbus(const TreeNode& node) {
  const SectionReader reader(node, section("mbus"));
  MbusEntry out;
  load_action(reader, out);
  if (out.action == MbusAction::power_off) {
    refuse_keys(reader,
                {"to", "fcb", "checksum", "gap", "parity_error", "no_stop", "timeout", "tries",
                 "baud", "parity"},
                "it beside what the master asks");
  }
  if (out.is_search()) {
    refuse_keys(reader, {"to", "fcb", "checksum", "gap", "parity_error", "no_stop"},
                "it only beside a single frame");
  }
  load_frame(reader, out);
  load_options(reader, out);
  return out;
}

ExpectMbusAnswer load_mbus_answer(const SectionReader& reader, const MbusEntry& asked) {
  const TreeNode& name = reader.get("answer");
  if (asked.is_search() || asked.action == MbusAction::power_off) {
    refuse(name, "answer", "an entry that asks; found: judges a search");
  }
  refuse_keys(reader, {"exception"}, "it only of a modbus entry");
  refuse_ir_keys(reader, {"step", "identification", "tries"});
  ExpectMbusAnswer out;
  const TreeNode* value = reader.find("value");
  if (value == nullptr) {
    refuse_keys(reader, {"equals", "tolerance", "at_least", "at_most", "record"},
                "it only beside value: a register");
  } else {
    const metrology::registers::Row& row = load_register(*value, "value");
    if (row.mbus == metrology::registers::Access::none) {
      refuse(*value, "value", "a register that M-Bus has");
    }
    out.value.emplace().row = &row;
    if (const TreeNode* n = reader.find("record")) {
      refuse_keys(reader, {"equals", "tolerance", "at_least", "at_most"},
                  "either a value or record, not both");
      out.record = static_cast<RecordState>(read_choice(*n, "record", "record_state"));
    } else {
      load_row_limits(reader, *out.value);
    }
  }
  if (asked.all_telegrams) {
    refuse_keys(reader, {"bytes"}, "it only of an entry that asks for one telegram");
  }
  if (const TreeNode* n = reader.find("error")) {
    out.error = static_cast<int>(read_count(*n, "error", 0, 255));
  }
  return out;
}

ExpectFound load_found(const SectionReader& reader, const std::vector<TimelineEntry>& timeline) {
  const TreeNode& node = reader.get("found");
  const std::string name = read_text(node, "found", 80);
  const auto entry = std::find_if(timeline.begin(), timeline.end(), [&](const TimelineEntry& e) {
    return e.name == name && e.mbus && e.mbus->is_search();
  });
  if (entry == timeline.end()) {
    refuse(node, "found", "the name of a search or a scan of the timeline");
  }
  ExpectFound out;
  out.entry = static_cast<std::size_t>(entry - timeline.begin());
  const bool scan = entry->mbus->action == MbusAction::scan;
  if (const TreeNode* n = reader.find("meters")) {
    read_choice(*n, "meters", "all_meters");
    out.all_meters = true;
  }
  if (const TreeNode* n = reader.find("ids")) {
    if (scan) refuse(*n, "ids", "addresses: a scan finds no identifications");
    auto& ids = out.ids.emplace();
    for (const TreeNode& item : read_list(*n, "ids", "mbus_id_list")) {
      ids.push_back(load_id(item, "ids"));
    }
    std::sort(ids.begin(), ids.end());
  }
  if (const TreeNode* n = reader.find("addresses")) {
    if (!scan) refuse(*n, "addresses", "ids: a search finds no addresses");
    auto& addresses = out.addresses.emplace();
    for (const TreeNode& item : read_list(*n, "addresses", "address_list")) {
      addresses.push_back(static_cast<std::uint8_t>(read_count(item, "addresses", 0, 250)));
    }
    std::sort(addresses.begin(), addresses.end());
  }
  constexpr std::int64_t most = 100'000;
  if (const TreeNode* n = reader.find("equals")) {
    out.count = static_cast<std::uint64_t>(read_count(*n, "equals", 0, most));
  }
  if (const TreeNode* n = reader.find("clashes")) {
    out.clashes = static_cast<std::uint64_t>(read_count(*n, "clashes", 0, most));
  }
  if (!out.all_meters && !out.ids && !out.addresses && !out.count && !reader.has("clashes")) {
    throw InputError(reader.position(),
                     "found nothing that is expected, expected meters, ids, addresses, equals or "
                     "clashes");
  }
  return out;
}

}  // namespace tools
