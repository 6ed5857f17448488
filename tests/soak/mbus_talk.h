// M-Bus against the meter's terminals (pro380 §5, standards §4): the link layer's and the
// application's states are kept here as the standard has them, to know each answer beforehand.
// mbus_talk.cpp asks, mbus_answers.cpp knows.
#pragma once

#include "models/masters/mbus_frames.h"
#include "tests/soak/mbus_values.h"
#include "tests/soak/talk.h"

namespace soak {

namespace masters = models::masters;

inline constexpr Ps reply_delay = 10 * ps_per_ms;
/// 22 bit times and what the firmware may need, where that is more: 280 000 core clocks.
inline constexpr Ps processing = 11'127 * ps_per_ms / 1000;
inline constexpr Ps margin = ps_per_ms / 2;
/// After a change of the mains a phase may count as missing for so long.
inline constexpr Ps recognised = 2'500 * ps_per_ms;

inline constexpr std::uint8_t nke = 0x0, send_data = 0x3, request_alarm = 0xA, request_data = 0xB;
inline constexpr std::uint8_t c_fcb = 0x20, c_fcv = 0x10;
inline constexpr std::uint8_t ci_reset = 0x50, ci_data = 0x51, ci_select = 0x52,
                              ci_synchronise = 0x54, ci_measured = 0xB1, ci_phases = 0xB4,
                              ci_baud = 0xB8;

/// A value that is to be written, with what becomes of it.
struct MbusGiven {
  Bytes record;
  const Row* row = nullptr;  ///< null: what the meter does not take
  double value = 0;
};

/// What must come of a frame.
struct MbusExpected {
  enum class Kind { silence, acknowledge, telegram, error, alarm, repetition };
  Kind kind = Kind::silence;
  std::vector<std::uint16_t> rows;  ///< of a telegram: from `first` on
  std::size_t first = 0;
  int error = 0;
};

struct MbusMemory {
  bool known = false;
  bool fcb = false;
  std::uint8_t service = 0;
  Bytes answer;
};

class MbusTalk : public Talk {
 public:
  explicit MbusTalk(Scene scene) : s_(scene), line_(scene.world.bus()) {}

  std::string frame() override;
  std::string probe() override;

 private:
  std::uint64_t below(std::uint64_t n) { return s_.random.below(n); }

  // --- what may be asked
  std::uint8_t whom();
  std::uint8_t control(std::uint8_t service);
  Bytes good_request();
  Bytes selection();
  Bytes user_data();
  MbusGiven given();
  Bytes alarm_request() const;
  std::string spoiled();
  std::string too_early();
  std::string gaps();
  std::string wrong_rate();
  std::string impulses();
  std::string cut();

  // --- what must come of it
  bool is_for_meter(std::uint8_t a) const;
  MbusMemory* memory_of(std::uint8_t a);
  MbusExpected carry_out(const masters::MbusFrame& frame);
  MbusExpected take_data(const masters::MbusFrame& frame);
  MbusExpected select(const masters::MbusFrame& frame);
  int write(const Bytes& data);
  void after_power();
  void say_and_judge(const Bytes& bytes);
  void judge(const MbusExpected& expected);
  void judge_telegram(const MbusExpected& expected, const masters::MbusFrame& answer);
  void take_rate(std::uint16_t baud);
  void say(std::vector<OutgoingCharacter> characters);
  Ps least() const { return std::max(line_.bits(33) + reply_delay, line_.bits(22) + processing); }
  void expect_silence() { run_unanswered(s_.world, line_, least() + 10 * ps_per_ms); }

  Scene s_;
  Line& line_;
  int starts_ = 1;
  MbusMemory own_, selected_memory_;
  bool selected_ = false;
  bool all_ = false;                ///< the set that REQ_UD2 reads is everything
  std::size_t next_ = 0;            ///< record of it
  unsigned access_ = 0;             ///< of the next telegram
  int error_ = -1;                  ///< to be told
  std::vector<MbusGiven> written_;  ///< by the user data that are being said
  std::uint16_t new_baud_ = 0;      ///< by the same, after the answer
};

}  // namespace soak
