#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tools/scenario/load_parts.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

namespace masters = models::masters;
using masters::IrPurpose;
using masters::IrStep;

constexpr Ps ms = models::pins::ps_per_ms;
/// Rates that the reader may choose; faster ones no meter offers.
constexpr std::uint32_t fastest_baud = 9600;
constexpr std::string_view default_password = "00000000";

/// Where an entry's faults and its silence may be.
constexpr std::array steps = {IrStep::sign_on, IrStep::acknowledgement, IrStep::password,
                              IrStep::command, IrStep::sign_off};

std::uint32_t load_speed(const TreeNode& node) {
  const auto baud = static_cast<std::uint32_t>(read_count(node, "speed", 1, 1'000'000));
  if (baud > fastest_baud || !masters::character_of(baud)) {
    refuse(node, "speed", "300, 600, 1200, 2400, 4800 or 9600");
  }
  return baud;
}

bool is_code(const std::string& text) {
  const auto dots = std::count(text.begin(), text.end(), '.');
  return (dots == 1 || dots == 2) &&
         text.find_first_not_of("0123456789CFL.") == std::string::npos && text.front() != '.' &&
         text.back() != '.';
}

IrItem load_item(const TreeNode& node, std::string_view key) {
  const std::string text = read_text(node, key, 40);
  if (is_code(text)) return {nullptr, text};
  if (text.find_first_not_of("0123456789.") == std::string::npos) {
    refuse(node, key, "a register such as U L1, or an OBIS code such as 1.8.0");
  }
  const metrology::registers::Row& row = load_register(node, key);
  return {&row, fmt::format("{:04X}", row.address)};
}

masters::IrCommand reading_of(const IrItem& item) {
  return {item.row != nullptr ? "R1" : "R5", item.code + "()"};
}

/// What stands between the brackets of a data set.
std::string load_text(const TreeNode& node, std::string_view key, std::size_t maximum) {
  std::string text = read_text(node, key, maximum);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '(' && c != ')' && c != '/' && c != '!';
  });
  if (!plain) refuse(node, key, "characters of ASCII but ( ) / and !");
  return text;
}

/// A row's value as a data set holds it: a number without its unit and without padding.
std::string load_written(const TreeNode& node, const metrology::registers::Row& row) {
  const RegisterWrite write = load_write_value(node, row);
  using metrology::registers::ValueType;
  if (row.type == ValueType::floating || row.type == ValueType::integer) {
    return fmt::format("{}", write.number);
  }
  return load_text(node, "value", 40);
}

masters::IrCommand load_command(const TreeNode& node) {
  const std::string text = read_text(node, "commands", 120);
  const bool head = text.size() >= 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= '0' &&
                    text[1] <= '9' && (text.size() == 2 || text[2] == ' ');
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!head || !plain) {
    refuse(node, "commands", "a letter and a digit, and data behind a blank, such as R1 2008()");
  }
  masters::IrCommand out{text.substr(0, 2), std::nullopt};
  if (text.size() > 2) out.data = text.substr(3);
  return out;
}

class EntryLoader {
 public:
  explicit EntryLoader(const TreeNode& node) : reader_(node, section("ir")) {}

  IrEntry load() {
    load_action();
    load_who();
    load_fault();
    load_course();
    return std::move(out_);
  }

 private:
  bool programs() const { return out_.session.purpose == IrPurpose::programming; }
  bool signs_on() const {
    return out_.action != IrAction::bytes && out_.action != IrAction::line_break;
  }

  void load_action() {
    constexpr std::array<std::string_view, 7> actions = {"readout", "read",  "write", "commands",
                                                         "sign_on", "break", "bytes"};
    const TreeNode* found = nullptr;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const TreeNode* n = reader_.find(actions[i]);
      if (n == nullptr) continue;
      if (found != nullptr) {
        throw InputError(n->position,
                         fmt::format("found {} beside {}, expected one of readout, read, write, "
                                     "commands, sign_on, break and bytes",
                                     actions[i], actions[static_cast<std::size_t>(out_.action)]));
      }
      found = n;
      out_.action = static_cast<IrAction>(i);
    }
    if (found == nullptr) {
      throw InputError(reader_.position(),
                       "found nothing to be done, expected readout, read, write, commands, "
                       "sign_on, break or bytes");
    }
    const TreeNode* value = reader_.find("value");
    if (value != nullptr && out_.action != IrAction::write) {
      refuse(*value, "value", "it only beside write");
    }
    load_what(*found, value);
  }

  void load_what(const TreeNode& node, const TreeNode* value) {
    masters::IrSession& session = out_.session;
    session.purpose = IrPurpose::programming;
    switch (out_.action) {
      case IrAction::readout:
        read_choice(node, "readout", "ir_readout");
        session.purpose = IrPurpose::readout;
        break;
      case IrAction::sign_on:
        read_choice(node, "sign_on", "ir_sign_on");
        session.purpose = IrPurpose::sign_on;
        break;
      case IrAction::read:
        if (node.kind == TreeNode::Kind::list) {
          for (const TreeNode& item : read_list(node, "read", "ir_item_list")) {
            out_.items.push_back(load_item(item, "read"));
          }
        } else {
          out_.items.push_back(load_item(node, "read"));
        }
        for (const IrItem& item : out_.items) session.commands.push_back(reading_of(item));
        break;
      case IrAction::write:
        if (value == nullptr) {
          throw InputError(reader_.position(),
                           "found write without a value, expected value beside it");
        }
        out_.items.push_back(load_item(node, "write"));
        load_write(*value);
        break;
      case IrAction::commands:
        for (const TreeNode& item : read_list(node, "commands", "ir_command_list")) {
          session.commands.push_back(load_command(item));
        }
        break;
      case IrAction::line_break:
        session.purpose = IrPurpose::line_break;
        session.break_time = read_duration(node, "break");
        break;
      case IrAction::bytes:
        session.purpose = IrPurpose::raw;
        for (const std::uint8_t byte : load_bytes(node, "bytes")) {
          if (byte > 0x7F) refuse(node, "bytes", "characters of seven bits, 00 to 7F");
          session.raw.push_back({byte, 0, false, false});
        }
        break;
    }
  }

  void load_write(const TreeNode& value) {
    const IrItem& item = out_.items.front();
    const std::string text =
        item.row != nullptr ? load_written(value, *item.row) : load_text(value, "value", 40);
    out_.session.commands.push_back(
        {item.row != nullptr ? "W1" : "W5", fmt::format("{}({})", item.code, text)});
  }

  void load_who() {
    masters::IrSession& session = out_.session;
    if (const TreeNode* n = reader_.find("address")) {
      if (!signs_on()) refuse(*n, "address", "it only where the reader signs on");
      session.address = load_text(*n, "address", 32);
    }
    if (programs()) session.password = default_password;
    if (const TreeNode* n = reader_.find("password")) {
      if (!programs()) refuse(*n, "password", "it only beside read, write and commands");
      session.password = load_text(*n, "password", 32);
      if (*session.password == "none") session.password.reset();
    }
    if (const TreeNode* n = reader_.find("speed")) {
      if (out_.action == IrAction::sign_on || out_.action == IrAction::line_break) {
        refuse(*n, "speed", "it only beside readout, read, write, commands and bytes");
      }
      if (out_.action == IrAction::bytes) {
        session.raw_baud = static_cast<std::uint32_t>(read_count(*n, "speed", 110, 115'200));
      } else {
        session.baud = load_speed(*n);
      }
    }
    if (const TreeNode* n = reader_.find("acknowledge")) {
      if (out_.action != IrAction::readout) refuse(*n, "acknowledge", "it only beside readout");
      session.acknowledges = read_choice(*n, "acknowledge", "on_or_off") == 0;
    }
  }

  IrStep load_step(const TreeNode& node, std::string_view key) const {
    const IrStep step = steps[read_choice(node, key, "ir_step")];
    const bool always = step == IrStep::sign_on;
    const bool acknowledged = step == IrStep::acknowledgement && out_.session.acknowledges &&
                              (programs() || out_.action == IrAction::readout);
    const bool rest = programs() && (step != IrStep::password || out_.session.password) &&
                      (step != IrStep::command || !out_.session.commands.empty());
    if (!signs_on() || !(always || acknowledged || rest)) {
      refuse(node, key, "a message that this entry sends");
    }
    return step;
  }

  std::size_t characters_in(IrStep step) const {
    const masters::IrSession& session = out_.session;
    switch (step) {
      case IrStep::sign_on:
        return masters::sign_on_message(session.address).size();
      case IrStep::acknowledgement:
        return masters::acknowledgement_message('0', '0', '0').size();
      case IrStep::password:
        return masters::command_message("P1", "(" + *session.password + ")").size();
      case IrStep::command: {
        std::size_t most = 0;
        for (const masters::IrCommand& command : session.commands) {
          most = std::max(most, masters::command_message(command.command, command.data).size());
        }
        return most;
      }
      case IrStep::sign_off:
        return masters::command_message("B0", std::nullopt).size();
      case IrStep::raw:
      case IrStep::line_break:
        break;
    }
    return session.raw.size();
  }

  void load_fault() {
    masters::IrFault fault;
    bool any = false;
    fault.in = subject_of(out_.action);
    if (const TreeNode* n = reader_.find("in")) fault.in = load_step(*n, "in");
    if (programs() && fault.in == IrStep::command && out_.session.commands.empty()) {
      fault.in = IrStep::sign_on;
    }
    const bool silent = out_.action == IrAction::line_break ||
                        (fault.in == IrStep::acknowledgement && !out_.session.acknowledges);
    const auto most = static_cast<std::int64_t>(silent ? 0 : characters_in(fault.in));
    for (const std::string_view key : {"bcc", "parity_error", "gap", "times", "in"}) {
      const TreeNode* n = reader_.find(key);
      if (n != nullptr && silent) refuse(*n, key, "it only beside a message");
    }
    if (const TreeNode* n = reader_.find("bcc")) {
      const bool has = fault.in == IrStep::password || fault.in == IrStep::command ||
                       fault.in == IrStep::sign_off;
      if (!has) refuse(*n, "bcc", "it only of a command, the password or the sign-off");
      fault.wrong_bcc = read_choice(*n, "bcc", "ir_bcc") == 1;
      any = any || fault.wrong_bcc;
    }
    if (const TreeNode* n = reader_.find("parity_error")) {
      fault.parity_error = static_cast<std::size_t>(read_count(*n, "parity_error", 1, most) - 1);
      any = true;
    }
    if (const TreeNode* n = reader_.find("gap")) {
      if (most < 2) refuse(*n, "gap", "it only within a message of two bytes or more");
      const SectionReader gap(*n, section("line_gap"));
      fault.gap_before =
          static_cast<std::size_t>(read_count(gap.get("after"), "after", 1, most - 1));
      fault.gap = read_duration(gap.get("for"), "for");
      any = true;
    }
    if (const TreeNode* n = reader_.find("times")) {
      fault.times = static_cast<int>(read_count(*n, "times", 1, 1000));
    }
    for (const std::string_view key : {"in", "times"}) {
      const TreeNode* n = reader_.find(key);
      if (n != nullptr && !any) refuse(*n, key, "it only beside bcc, parity_error or gap");
    }
    if (any) out_.session.fault = fault;
  }

  void load_course() {
    masters::IrSession& session = out_.session;
    if (const TreeNode* n = reader_.find("nak")) {
      if (!programs() && out_.action != IrAction::readout) {
        refuse(*n, "nak", "it only where the meter sends blocks");
      }
      session.naks = static_cast<int>(read_count(*n, "nak", 1, 100));
    }
    if (const TreeNode* n = reader_.find("tries")) {
      if (!signs_on()) refuse(*n, "tries", "it only where the reader signs on");
      session.tries = static_cast<int>(read_count(*n, "tries", 1, 100));
    }
    if (const TreeNode* n = reader_.find("go_silent")) {
      session.silent_after = load_step(*n, "go_silent");
      if (session.silent_after == IrStep::sign_off) {
        refuse(*n, "go_silent", "a message that the meter answers");
      }
    }
    if (const TreeNode* n = reader_.find("timeout")) {
      session.timeout = read_duration(*n, "timeout");
    }
  }

  SectionReader reader_;
  IrEntry out_;
};

}  // namespace

IrSpec load_ir_head(const TreeNode& node, const std::vector<MeterSpec>& meters) {
  const SectionReader reader(node, section("ir_head"));
  IrSpec out;
  out.position = node.position;
  if (const TreeNode* n = reader.find("meter")) out.meter = load_meter_name(*n, meters);
  if (const TreeNode* n = reader.find("speed")) out.baud = load_speed(*n);
  if (const TreeNode* n = reader.find("timeout")) out.times.timeout = read_duration(*n, "timeout");
  if (const TreeNode* n = reader.find("reaction")) {
    out.times.reaction = read_duration(*n, "reaction");
    if (out.times.reaction < 10 * ms || out.times.reaction > 10'000 * ms) {
      refuse(*n, "reaction", "a time from 10 ms to 10 s");
    }
  }
  if (const TreeNode* n = reader.find("attenuation")) {
    out.optics.attenuation = read_value(*n, "attenuation", "ratio", 0, 1, "0 % to 100 %");
  }
  if (const TreeNode* n = reader.find("ambient")) {
    out.optics.ambient_uW_cm2 = read_value(*n, "ambient", "voltage", 0, 100, "0 V to 100 V") /
                                models::lines::optical_V_per_uW_cm2;
  }
  if (const TreeNode* n = reader.find("noise")) {
    out.optics.meter_noise = out.optics.head_noise = load_noise(*n);
  }
  return out;
}

IrEntry load_ir(const TreeNode& node) { return EntryLoader(node).load(); }

IrItem load_ir_item(const TreeNode& node, std::string_view key) { return load_item(node, key); }

IrStep load_ir_step(const TreeNode& node, std::string_view key) {
  return steps[read_choice(node, key, "ir_step")];
}

void check_ir(Scenario& scenario) {
  if (scenario.ir && !scenario.ir->meter) {
    if (scenario.meters.size() > 1) {
      throw InputError(scenario.ir->position,
                       "ir: found no meter that the head stands on, expected meter: in it");
    }
    scenario.ir->meter = 0;
  }
  for (TimelineEntry& entry : scenario.timeline) {
    if (!entry.ir || entry.meter) continue;
    if (scenario.ir) {
      entry.meter = scenario.ir->meter;
    } else if (scenario.meters.size() == 1) {
      entry.meter = 0;
    } else {
      throw InputError(entry.position,
                       "found ir without a meter that the head stands on, expected meter: beside "
                       "it, or in ir: at the top level");
    }
  }
}

}  // namespace tools
