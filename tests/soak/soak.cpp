// The soak: a meter in a hostile world for as long as one likes, made from one seed.
//
//   soak --protocol modbus --frames 2000 --seed 1
//
// Frames come in episodes, each a meter of its own in a process of its own, which begins unpowered
// and new and ends with a last cut of the mains: so any frame is reached again from its episode's
// begin (--from), and episodes run side by side. Ends with 0, or with 1 at the first thing that
// does not hold, and says what was expected and seen, when, and how to see it again.
#include <sys/mman.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <iostream>
#include <systemc>

#include "tests/end_to_end/branches.h"
#include "tests/soak/talk.h"

namespace soak {
namespace {

namespace po = boost::program_options;

struct Protocol {
  const char* name;
  MeterVariant variant;
  std::unique_ptr<Talk> (*talk)(Scene);
  std::uint64_t episode_frames;
};

constexpr Protocol protocols[] = {
    {"modbus", MeterVariant::mod, make_modbus_talk, 100},
    {"mbus", MeterVariant::mb, make_mbus_talk, 100},
    {"ir", MeterVariant::s, make_ir_talk, 100},
};

struct Orders {
  const Protocol* protocol = nullptr;
  std::uint64_t frames = 0;
  std::uint64_t seed = 0;
  std::uint64_t from = 0;
  unsigned jobs = 0;
  bool trace = false;
  std::string log;
};

/// What came of an episode, for the end.
struct Episode {
  std::uint64_t frames = 0;
  Ps simulated = 0;
  int cuts = 0;
  int starts = 0;
  Books::Tally tally;
};

/// One for each episode, where processes that are forked from here on can write to it.
class SharedEpisodes {
 public:
  explicit SharedEpisodes(std::size_t count) : count_(count) {
    void* memory = mmap(nullptr, count * sizeof(Episode), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for so many episodes");
    episodes_ = new (memory) Episode[count];
  }
  SharedEpisodes(const SharedEpisodes&) = delete;
  SharedEpisodes& operator=(const SharedEpisodes&) = delete;
  ~SharedEpisodes() { munmap(episodes_, count_ * sizeof(Episode)); }

  Episode& operator[](std::size_t n) { return episodes_[n]; }
  std::size_t count() const { return count_; }

 private:
  std::size_t count_;
  Episode* episodes_;
};

/// Runs frames `first` … up to `end` of one episode. Throws Broken with all that is to be said.
Episode run_episode(const Orders& orders, std::uint64_t first, std::uint64_t end) {
  const Protocol& protocol = *orders.protocol;
  const std::uint64_t number = first / protocol.episode_frames;
  Random random(orders.seed, std::string(protocol.name) + ".episode." + std::to_string(number));
  World world(protocol.variant, random.bits(), orders.log);
  Books books(world);
  Weather weather(world, books, random);
  Judge judge(world, weather);
  const std::unique_ptr<Talk> talk = protocol.talk({world, weather, books, judge, random});
  std::uint64_t frame = first;
  const auto check = [&] {
    world.run_quiet();
    books.check();
    const Diary& diary = world.diary();
    if (!diary.disorder.empty()) throw Broken("order of events: " + diary.disorder);
    if (!diary.wrong_reset.empty()) {
      throw Broken("resets: expected none but at power-on, seen one by " + diary.wrong_reset);
    }
    if (diary.power_ups != weather.starts()) {
      throw Broken("resets: expected " + std::to_string(weather.starts()) + " power-ups, seen " +
                   std::to_string(diary.power_ups));
    }
    if (const std::string wrong = judge.settings_wrong(); !wrong.empty()) throw Broken(wrong);
  };
  try {
    weather.begin();
    for (; frame < end; ++frame) {
      const std::string befell = weather.befall();
      if (orders.trace && !befell.empty()) {
        std::cout << frame << " " << seconds(world.now()) << "  " << befell << std::endl;
      }
      // Who asks sooner may be answered or not: masters wait.
      weather.await_answers();
      const Ps begin = world.now();
      const std::string said = talk->frame();
      if (orders.trace) {
        std::cout << frame << " " << seconds(begin) << " … " << seconds(world.now()) << "  " << said
                  << std::endl;
      }
      check();
    }
    weather.await_answers();
    talk->probe();
    weather.last_cut();
    weather.await_answers();
    talk->probe();
    check();
    world.diary().finish(world.now());
  } catch (const std::exception& error) {
    const std::string at = seconds(world.now());
    world.diary().finish(world.now());
    throw Broken(std::string("soak: ") + protocol.name + ", seed " + std::to_string(orders.seed) +
                 ", frame " + std::to_string(frame) + ", at " + at +
                 " of its episode: " + error.what() + "\nagain: soak --protocol " + protocol.name +
                 " --seed " + std::to_string(orders.seed) + " --from " + std::to_string(first) +
                 " --frames " + std::to_string(frame - first + 1) + " --trace");
  }
  return {frame - first, world.now(), weather.cuts(), weather.starts(), books.tally()};
}

void add(Episode& sum, const Episode& episode) {
  sum.frames += episode.frames;
  sum.simulated += episode.simulated;
  sum.cuts += episode.cuts;
  sum.starts += episode.starts;
  sum.tally.sums += episode.tally.sums;
  sum.tally.pulses += episode.tally.pulses;
  sum.tally.truths += episode.tally.truths;
}

/// Fails at the first complaint of the episodes that run side by side.
int run(const Orders& orders) {
  const std::uint64_t step = orders.protocol->episode_frames;
  const std::uint64_t end = orders.from + orders.frames;
  const std::uint64_t first = orders.from / step * step;
  Episode sum;
  if (orders.trace || !orders.log.empty()) {
    // One episode, here: what it does is to be looked at.
    try {
      add(sum, run_episode(orders, first, std::min(end, first + step)));
    } catch (const std::exception& error) {
      std::cout << error.what() << "\n";
      return 1;
    }
  } else {
    SharedEpisodes episodes((end - first + step - 1) / step);
    end_to_end::Branches branches(orders.jobs);
    for (std::size_t n = 0; n < episodes.count() && branches.complaints().empty(); ++n) {
      const std::uint64_t begin = first + n * step;
      const std::uint64_t last = std::min(end, begin + step);
      branches.run("episode " + std::to_string(begin / step), [&orders, &episodes, n, begin, last] {
        episodes[n] = run_episode(orders, begin, last);
        return std::string();
      });
    }
    branches.finish();
    if (!branches.complaints().empty()) {
      std::cout << branches.complaints() << "\n";
      return 1;
    }
    for (std::size_t n = 0; n < episodes.count(); ++n) add(sum, episodes[n]);
  }
  std::cout << "soak: " << orders.protocol->name << ", seed " << orders.seed << ": " << sum.frames
            << " frames, " << sum.simulated / ps_per_s << " s simulated, " << sum.cuts
            << " cuts of power, sums and pulses checked " << sum.tally.sums << " times, the truth "
            << sum.tally.truths << " times; all holds\n";
  return 0;
}

/// Nothing if the program is to end.
std::optional<Orders> read(int argc, char** argv) {
  Orders orders;
  std::string protocol;
  po::options_description options("soak: frames of one protocol in a hostile world");
  options.add_options()("help,h", "show this")("protocol", po::value(&protocol)->required(),
                                               "modbus, mbus or ir")(
      "frames", po::value(&orders.frames)->default_value(2000), "how many")(
      "seed", po::value(&orders.seed)->default_value(1), "of all that is random")(
      "from", po::value(&orders.from)->default_value(0),
      "the first frame; its episode's begin is where it starts")(
      "jobs", po::value(&orders.jobs)->default_value(0), "episodes at a time; 0: one a core")(
      "trace", po::bool_switch(&orders.trace), "one episode, and say each frame")(
      "log", po::value(&orders.log), "one episode, and write its event log");
  po::variables_map values;
  po::store(po::parse_command_line(argc, argv, options), values);
  if (values.count("help") != 0) {
    std::cout << options;
    return std::nullopt;
  }
  po::notify(values);
  for (const Protocol& row : protocols) {
    if (protocol == row.name) orders.protocol = &row;
  }
  if (orders.protocol == nullptr) throw po::error("found protocol " + protocol);
  return orders;
}

}  // namespace
}  // namespace soak

int sc_main(int argc, char** argv) {
  sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_THROW);
  sc_core::sc_report_handler::set_actions("/IEEE_Std_1666/deprecated", sc_core::SC_DO_NOTHING);
  try {
    const std::optional<soak::Orders> orders = soak::read(argc, argv);
    return orders ? soak::run(*orders) : 0;
  } catch (const std::exception& error) {
    std::cerr << "soak: " << error.what() << "; see soak --help\n";
    return 2;
  }
}

int main(int argc, char** argv) { return sc_core::sc_elab_and_sim(argc, argv); }
