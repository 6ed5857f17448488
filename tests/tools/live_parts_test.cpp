#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "models/masters/crc16.h"
#include "tools/live/frame_joiner.h"
#include "tools/live/journal.h"
#include "tools/live/pacer.h"
#include "tools/report/output_file.h"
#include "tools/scenario/input_error.h"

namespace {

using models::pins::ps_never;
using models::pins::ps_per_ms;
using tools::live::Bytes;

/// Read of U L1, standards' vector, whole.
const Bytes request = {0x01, 0x03, 0x20, 0x08, 0x00, 0x02, 0x4E, 0x09};

Bytes part(std::size_t from, std::size_t to) {
  return {request.begin() + static_cast<std::ptrdiff_t>(from),
          request.begin() + static_cast<std::ptrdiff_t>(to)};
}

tools::live::FrameJoiner modbus_joiner(bool strict,
                                       models::pins::Ps patience = tools::live::joiner_patience) {
  return {tools::live::modbus_frame, 256, strict, patience};
}

std::string temporary(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (name + std::to_string(getpid()))).string();
}

}  // namespace

TEST_CASE("live joiner: a whole frame goes on at once") {
  tools::live::FrameJoiner joiner = modbus_joiner(false);
  CHECK(joiner.arrived(0, request) == std::vector<Bytes>{request});
  CHECK(joiner.deadline() == ps_never);
}

TEST_CASE("live joiner: a frame in three pieces is one again") {
  tools::live::FrameJoiner joiner = modbus_joiner(false);
  CHECK(joiner.arrived(0, part(0, 1)).empty());
  CHECK(joiner.arrived(10 * ps_per_ms, part(1, 6)).empty());
  CHECK(joiner.arrived(40 * ps_per_ms, part(6, 8)) == std::vector<Bytes>{request});
  CHECK(joiner.deadline() == ps_never);
}

TEST_CASE("live joiner: what is no frame goes on as it is 50 ms after its last piece") {
  tools::live::FrameJoiner joiner = modbus_joiner(false);
  CHECK(joiner.arrived(0, {0x55}).empty());
  CHECK(joiner.arrived(10 * ps_per_ms, {0xAA, 0x00}).empty());
  CHECK(joiner.deadline() == 60 * ps_per_ms);
  CHECK(joiner.give_up() == Bytes{0x55, 0xAA, 0x00});
  CHECK(joiner.deadline() == ps_never);
}

TEST_CASE("live joiner: its patience is as told") {
  tools::live::FrameJoiner joiner = modbus_joiner(false, 500 * ps_per_ms);
  CHECK(joiner.arrived(0, {0x55}).empty());
  CHECK(joiner.deadline() == 500 * ps_per_ms);
}

TEST_CASE("live joiner: a frame behind garbage is a frame of its own") {
  tools::live::FrameJoiner joiner = modbus_joiner(false);
  CHECK(joiner.arrived(0, {0x55, 0x66}).empty());
  CHECK(joiner.arrived(ps_per_ms, part(0, 3)).empty());
  CHECK(joiner.arrived(2 * ps_per_ms, part(3, 8)) == std::vector<Bytes>{{0x55, 0x66}, request});
}

TEST_CASE("live joiner: more than 256 bytes wait for nothing") {
  tools::live::FrameJoiner joiner = modbus_joiner(false);
  CHECK(joiner.arrived(0, Bytes(256, 0x11)).empty());
  CHECK(joiner.arrived(0, Bytes(1, 0x11)) == std::vector<Bytes>{Bytes(257, 0x11)});
}

TEST_CASE("live joiner: with strict gaps every piece is a frame") {
  tools::live::FrameJoiner joiner = modbus_joiner(true);
  CHECK(joiner.arrived(0, part(0, 3)) == std::vector<Bytes>{part(0, 3)});
  CHECK(joiner.deadline() == ps_never);
}

TEST_CASE("live pacer: simulated time follows the wall clock at its speed, rounded down") {
  const tools::live::Pacer pacer(1'000, 2.0);
  CHECK(pacer.due(500) == 0);  // before the start
  CHECK(pacer.due(1'000) == 0);
  CHECK(pacer.due(1'001) == 2'000);
  CHECK(pacer.wait_ns(1'000, 2'000) == 1);
  CHECK(pacer.wait_ns(1'000, 2'001) == 2);  // not before it may
  CHECK(pacer.wait_ns(5'000, 2'000) == 0);
}

TEST_CASE("live pacer: falling behind is counted once until it has caught up") {
  tools::live::Pacer pacer(0, 1.0);
  pacer.note(5'000'000, 0);
  CHECK(pacer.times_behind() == 0);
  pacer.note(20'000'000, ps_per_ms);
  pacer.note(30'000'000, 2 * ps_per_ms);
  CHECK(pacer.times_behind() == 1);
  pacer.note(30'000'000, 30 * ps_per_ms);
  pacer.note(60'000'000, 31 * ps_per_ms);
  CHECK(pacer.times_behind() == 2);
  CHECK(pacer.summary().find("at most 29.000 ms") != std::string::npos);
}

TEST_CASE("live journal: what is written is read") {
  const std::string path = temporary("journal");
  tools::live::JournalHeader header;
  header.scenario = "scenarios/live-mod.yaml";
  header.sources = {{"scenarios/live-mod.yaml", 0xDEADBEEF}};
  header.set = {"parameters.load=5 A"};
  header.seed = UINT64_MAX;
  header.end = 123'456'789'012'345'678;
  header.ports = {"modbus", "ir"};
  header.strict_gaps = true;
  header.build = "v1";
  {
    tools::live::JournalWriter writer(path, header);
    tools::live::JournalEvent bytes;
    bytes.t = 17;
    bytes.port = "modbus";
    bytes.baud = 9600;
    bytes.bytes = request;
    writer.event(bytes);
    tools::live::JournalEvent rate;
    rate.t = 18;
    rate.port = "ir";
    rate.baud = 300;
    writer.event(rate);
    tools::live::JournalEvent order;
    order.t = 18;
    order.control = "press: {button: left}";
    writer.event(order);
    writer.over(20);
  }
  const tools::live::Journal read = tools::live::read_journal(path);
  CHECK(read.header.scenario == header.scenario);
  CHECK(read.header.sources.at(0).crc32 == 0xDEADBEEF);
  CHECK(read.header.set == header.set);
  CHECK(read.header.seed == UINT64_MAX);
  CHECK(read.header.end == header.end);
  CHECK(read.header.ports == header.ports);
  CHECK(read.header.strict_gaps);
  REQUIRE(read.events.size() == 3);
  CHECK(read.events[0].bytes == request);
  CHECK(read.events[0].baud == 9600);
  CHECK(read.events[0].port == "modbus");
  CHECK(read.events[1].port == "ir");
  CHECK(read.events[1].baud == 300);
  CHECK(read.events[1].bytes.empty());
  CHECK(read.events[2].control == "press: {button: left}");
  CHECK(read.over == 20);

  // A session that was killed in the middle of a line.
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 5);
  const tools::live::Journal cut = tools::live::read_journal(path);
  CHECK(cut.events.size() == 3);
  CHECK_FALSE(cut.over);
  std::filesystem::remove(path);
}

TEST_CASE("live journal: what is none is refused with its line") {
  const std::string path = temporary("no_journal");
  const auto refusal = [&](const std::string& text) {
    std::ofstream(path) << text;
    try {
      tools::live::read_journal(path);
    } catch (const tools::InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal("").find("found nothing, expected a journal") != std::string::npos);
  CHECK(refusal("duration: 1 s\n").find(path + ":1:1: expected a line of a journal") == 0);
  const std::string first =
      R"({"journal":2,"scenario":"a","sources":[],"set":[],"seed":0,"end":9,"ports":["modbus"],)"
      R"("strict_gaps":false,"build":"b"})";
  CHECK(refusal(first + "\n{\"t\":5,\"control\":\"x\"}\n{\"t\":4,\"control\":\"x\"}\n")
            .find(path + ":3:1:") == 0);
  CHECK(refusal(first + "\n{\"t\":5,\"port\":\"modbus\",\"baud\":9600,\"bytes\":\"0G\"}\n")
            .find(path + ":2:1:") == 0);
  CHECK(refusal(first + "\n{\"t\":5,\"port\":\"modbus\",\"baud\":109}\n").find(path + ":2:1:") ==
        0);
  CHECK(refusal(first + "\n{\"t\":5,\"port\":\"ir\",\"baud\":300}\n")
            .find("port: found one that the first line does not name") != std::string::npos);
  CHECK(refusal(R"({"journal":1,"scenario":"a","sources":[],"modbus":true})"
                "\n")
            .find(path + ":1:1: expected a line of a journal: found version 1") == 0);
  std::filesystem::remove(path);
}

TEST_CASE("live journal: a folder is no journal, a full disk is told") {
  tools::live::JournalHeader header;
  CHECK_THROWS_AS(tools::live::JournalWriter("/no/such/folder/journal", header),
                  tools::OutputRefused);
  CHECK_THROWS_AS(tools::live::JournalWriter("/dev/full", header), tools::OutputFailed);
}
