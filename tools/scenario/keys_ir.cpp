#include "tools/scenario/keys.h"

namespace tools {

std::vector<Section> ir_sections() {
  return {
      {"ir_head",
       {{"meter", "name", false, "The meter that it stands on, if there are several."},
        {"speed", "count", false,
         "Rate that is chosen, 300 to 9600, if the meter offers it; the fastest one without it."},
        {"timeout", "time", false, "How long an answer is waited for; 2.2 s without it."},
        {"reaction", "time", false,
         "From the meter's message to the reader's next one; 200 ms without it."},
        {"attenuation", "ratio", false,
         "What either light loses because the head sits badly; none without it."},
        {"ambient", "voltage", false,
         "Foreign light on both receivers, which give 1 mV for each uW/cm2; none without it."},
        {"noise", "line_noise", false, "At both receivers; none without it."}}},
      {"ir",
       {{"sign_on", "ir_sign_on", false, "alone: asks for the identification, and no more."},
        {"readout", "ir_readout", false,
         "all: reads all data sets that the meter sends by itself."},
        {"read", "ir_reads", false,
         "In programming mode: these, R1 with a register, R5 with an OBIS code."},
        {"write", "ir_item", false, "In programming mode: writes this, W1 or W5."},
        {"value", "register_value", false, "Of write, with the register's unit."},
        {"commands", "ir_command_list", false,
         "In programming mode: these as they stand, such as R1 2008()."},
        {"bytes", "hex_bytes", false, "Sends these bytes, of seven bits, as they stand."},
        {"break", "time", false,
         "Light for so long, whatever goes on; a session under way ends by it."},
        {"address", "ir_address", false, "Of the meter in the sign-on; none without it."},
        {"password", "ir_password", false, "00000000 without it; none: none is sent."},
        {"speed", "count", false,
         "Rate that is chosen, 300 to 9600; of bytes the rate they are sent at."},
        {"acknowledge", "on_or_off", false,
         "on without it; off: does not acknowledge the identification before a readout."},
        {"bcc", "ir_bcc", false, "right without it, or wrong."},
        {"parity_error", "count", false, "The character with a wrong parity bit; 1 is the first."},
        {"gap", "line_gap", false, "Silence inside the message."},
        {"in", "ir_step", false,
         "The message that bcc, parity_error and gap spoil; without it each command, the "
         "acknowledgement of a readout, or the sign-on."},
        {"times", "count", false,
         "So often it is spoiled, before it is sent right; without it always."},
        {"nak", "count", false,
         "So many of the meter's good blocks with values are answered with NAK."},
        {"tries", "count", false,
         "How often a message is sent in all; 3 without it, of a password 1."},
        {"go_silent", "ir_step", false, "After the answer to this one the reader says no more."},
        {"timeout", "time", false, "How long an answer is waited for."}}},
  };
}

}  // namespace tools
