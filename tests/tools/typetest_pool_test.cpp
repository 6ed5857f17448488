// Pieces of work in child processes: their order, their faults, and how they are stopped.
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "tests/tools/files.h"
#include "tests/tools/typetest_device.h"
#include "tools/cli/interrupt.h"
#include "tools/typetest/measure_point.h"
#include "tools/typetest/task_pool.h"

using namespace tools::typetest;
using Catch::Matchers::Contains;

namespace {

/// The tests' main function has entered the kernel already.
void kernel(const std::function<void()>& work) { work(); }

PoolSettings jobs(std::size_t count) {
  PoolSettings settings;
  settings.jobs = count;
  return settings;
}

Task number(int n, double simulated_s) {
  return {"n" + std::to_string(n), [n] { return nlohmann::json(n); }, simulated_s};
}

}  // namespace

TEST_CASE("outcomes come in the order of the tasks whatever ran first") {
  const std::vector<Task> tasks = {number(0, 1), number(1, 3), number(2, 2), number(3, 9)};
  for (const std::size_t count : {1u, 3u}) {
    const std::vector<TaskOutcome> outcomes = run_tasks(tasks, kernel, jobs(count));
    REQUIRE(outcomes.size() == 4);
    for (std::size_t n = 0; n < 4; ++n) {
      CHECK(outcomes[n].json == std::to_string(n));
      CHECK(outcomes[n].fault == "");
    }
  }
}

TEST_CASE("the longest task is started first") {
  const tests::Folder folder;
  const std::string path = folder.path("order");
  const auto noting = [&path](char name, double simulated_s) {
    return Task{std::string(1, name),
                [path, name] {
                  std::ofstream(path, std::ios::app) << name;
                  return nlohmann::json();
                },
                simulated_s};
  };
  run_tasks({noting('a', 1), noting('b', 30), noting('c', 2), noting('d', 30)}, kernel, jobs(1));
  // Equal ones keep their order.
  CHECK(tests::read_all(path) == "bdca");
}

TEST_CASE("a task that throws has what it threw as its fault") {
  const std::vector<Task> tasks = {
      {"bad", []() -> nlohmann::json { throw std::runtime_error("the fuse blew"); }, 0},
      number(1, 0)};
  const std::vector<TaskOutcome> outcomes = run_tasks(tasks, kernel, jobs(2));
  CHECK(outcomes[0].fault == "the fuse blew");
  CHECK(outcomes[0].json == "");
  CHECK(outcomes[1].json == "1");
}

TEST_CASE("a task that crashes has the signal as its fault and harms no other") {
  const std::vector<Task> tasks = {{"dies",
                                    []() -> nlohmann::json {
                                      std::signal(SIGSEGV, SIG_DFL);
                                      std::raise(SIGSEGV);
                                      return {};
                                    },
                                    0},
                                   {"leaves", []() -> nlohmann::json { _exit(7); }, 0},
                                   number(2, 0)};
  const std::vector<TaskOutcome> outcomes = run_tasks(tasks, kernel, jobs(3));
  CHECK_THAT(outcomes[0].fault, Contains("Segmentation fault"));
  CHECK_THAT(outcomes[1].fault, Contains("status 7"));
  CHECK(outcomes[2].json == "2");
}

TEST_CASE("progress counts up to all, and ends the rest when it says so") {
  std::vector<std::size_t> seen;
  PoolSettings settings;
  settings.progress = [&seen](std::size_t done, std::size_t all) {
    CHECK(all == 4);
    seen.push_back(done);
    return done < 2;
  };
  const std::vector<Task> tasks = {number(0, 4), number(1, 3), number(2, 2), number(3, 1)};
  const std::vector<TaskOutcome> outcomes = run_tasks(tasks, kernel, settings);
  CHECK(seen == std::vector<std::size_t>{1, 2});
  CHECK(outcomes[0].json == "0");
  CHECK(outcomes[1].json == "1");
  CHECK(outcomes[2].fault == "interrupted");
  CHECK(outcomes[3].fault == "interrupted");
}

TEST_CASE("an interrupt ends what runs and starts no more") {
  tools::watch_for_interrupt();
  const auto forever = []() -> nlohmann::json {
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  };
  const pid_t parent = getpid();
  const std::vector<Task> tasks = {{"interrupts",
                                    [parent] {
                                      kill(parent, SIGINT);
                                      return nlohmann::json(1);
                                    },
                                    3},
                                   {"long", forever, 2},
                                   {"never", forever, 1}};
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<TaskOutcome> outcomes = run_tasks(tasks, kernel, jobs(2));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  CHECK(outcomes[1].fault == "interrupted");
  CHECK(outcomes[2].fault == "interrupted");
}

TEST_CASE("points measured in parallel are those measured alone to the last bit") {
  Subject subject = tests::ideal_device(false);
  subject.meter.sensors.modulator_noise_codes = 20;
  std::vector<Task> tasks;
  std::vector<Point> points(3);
  for (std::size_t n = 0; n < points.size(); ++n) {
    points[n].id = "p" + std::to_string(n);
    points[n].condition.current_A = n == 2 ? 10 : 5;
    tasks.push_back(task_of(subject, points[n]));
  }
  const std::vector<TaskOutcome> together = run_tasks(tasks, kernel, jobs(3));
  const std::vector<TaskOutcome> alone = run_tasks(tasks, kernel, jobs(1));
  std::vector<PointResult> results;
  for (std::size_t n = 0; n < points.size(); ++n) {
    results.push_back(point_result(points[n], together[n]));
    const PointResult again = point_result(points[n], alone[n]);
    CHECK(results[n].fault == "");
    CHECK(results[n].error_percent == again.error_percent);
    CHECK(results[n].from_s == again.from_s);
    CHECK(results[n].pulses > 0);
  }
  // Two points of one condition have not the same noise.
  CHECK(results[0].error_percent != results[1].error_percent);
}

TEST_CASE("accessories of every version leave a meter without flaws as it is") {
  std::vector<Task> tasks;
  std::vector<Point> points;
  for (const auto variant : {metrology::hal::MeterVariant::s, metrology::hal::MeterVariant::mb,
                             metrology::hal::MeterVariant::mod}) {
    for (const Accessory accessory :
         {Accessory::none, Accessory::tariff_input, Accessory::backlight, Accessory::bus_traffic}) {
      Subject subject = tests::ideal_device(false);
      subject.meter.page.variant = variant;
      Point& point = points.emplace_back();
      point.id = std::to_string(points.size());
      point.condition.current_A = 0.5;
      point.condition.accessory = accessory;
      tasks.push_back(task_of(subject, point));
    }
  }
  const std::vector<TaskOutcome> outcomes = run_tasks(tasks, kernel, jobs(2));
  for (std::size_t n = 0; n < points.size(); ++n) {
    const PointResult result = point_result(points[n], outcomes[n]);
    INFO(n);
    CHECK(result.fault == "");
    CHECK(std::abs(result.error_percent) < 0.01);
  }
}
