#include "tests/soak/bystander.h"

#include "models/masters/iec62056_messages.h"
#include "models/masters/ir_reader.h"
#include "tests/soak/talk.h"

namespace soak {

namespace masters = models::masters;

namespace {

/// The identification is over long before, and 1500 ms are allowed: 5 and 17 characters at 300 Bd,
/// and 200 ms between them.
constexpr Ps option_after = 1'300 * ps_per_ms;
/// 200 ms, and no readout has so many characters at 9600 Bd.
constexpr Ps readout_takes = 3 * ps_per_s;
constexpr Ps light_takes = 4 * ps_per_s;
/// What a readout may be asked for again, and a message may pause.
constexpr Ps forgotten_after = 2 * ps_per_s;

}  // namespace

std::string Bystander::begin(std::function<int()> cuts) {
  if (world_.now() < busy_until_) return {};
  cuts_ = std::move(cuts);
  cuts_before_ = cuts_();
  const bool reads = random_.below(2) == 0;
  busy_until_ =
      world_.now() + forgotten_after + (reads ? option_after + readout_takes : light_takes);
  if (reads) {
    read_out();
    return "somebody reads the meter out besides";
  }
  make_light();
  return "light at the infra-red port";
}

void Bystander::read_out() {
  Line& ir = world_.ir();
  ir.set_format(masters::IrReader::start_format());
  ir.say(characters_of(masters::sign_on_message("")), ps_per_ms);
  const Ps option = world_.now() + option_after;
  world_.plan(option, [&ir] {
    ir.say(characters_of(masters::acknowledgement_message('0', '5', '0')), ps_per_ms);
  });
  world_.plan(option + ir.characters(7), [&ir] {
    SerialFormat format = ir.format();
    format.baud = masters::ir_bauds[5];
    ir.set_format(format);
  });
  world_.plan(option + ir.characters(7) + readout_takes, [this] { judge_readout(); });
}

void Bystander::judge_readout() {
  if (cuts_() != cuts_before_) return;
  const Bytes text = world_.ir().heard_bytes();
  if (masters::classify(text) == masters::IrMessageKind::data && text.size() > 500) return;
  throw Broken("answer: expected a readout with a good BCC besides, seen " + hex(text));
}

void Bystander::make_light() {
  Line& ir = world_.ir();
  ir.set_format(masters::IrReader::start_format());
  std::vector<OutgoingCharacter> light = noise(random_, ir.format(), 7);
  light.resize(std::min<std::size_t>(light.size(), 12));
  ir.say(std::move(light), ps_per_ms);
  world_.plan(world_.now() + light_takes, [this, &ir] {
    if (cuts_() != cuts_before_ || ir.heard().empty()) return;
    throw Broken("silence: expected no answer to light, seen " + hex(ir.heard_bytes()));
  });
}

}  // namespace soak
