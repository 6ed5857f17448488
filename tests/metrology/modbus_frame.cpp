// Modbus frames: bytes to requests, answers to bytes.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "metrology/protocol/modbus/frame.h"
#include "tests/metrology/modbus_bytes.h"
#include "tests/metrology/modbus_vectors.h"

using namespace metrology::modbus;
using tests::Bytes;
using tests::hex;
using tests::sealed;

namespace {

bool whole(const Bytes& bytes) { return is_whole(bytes.data(), static_cast<int>(bytes.size())); }
Request parsed(const Bytes& bytes) { return parse(bytes.data(), static_cast<int>(bytes.size())); }
Bytes bytes_of(const Answer& answer) { return {answer.bytes, answer.bytes + answer.size}; }

}  // namespace

TEST_CASE("Modbus frame: the CRC's check value is 4B37, and it stands low byte first") {
  const std::uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(crc16(digits, 9) == 0x4B37);
  CHECK(tests::modbus_crc(Bytes(digits, digits + 9)) == 0x4B37);
  CHECK(whole(hex("01 03 20 08 00 02 4E 09")));
  CHECK_FALSE(whole(hex("01 03 20 08 00 02 09 4E")));
}

TEST_CASE("Modbus frame: every vector of the specification has the CRC that long division gives") {
  for (const tests::ModbusVector& vector : tests::modbus_vectors) {
    CAPTURE(vector.what);
    CHECK(whole(hex(vector.request)));
    if (*vector.answer != 0) CHECK(whole(hex(vector.answer)));
  }
  for (const char* exception :
       {"01 83 02 C0 F1", "01 83 03 01 31", "01 81 01 81 90", "01 90 02 CD C1"}) {
    CHECK(whole(hex(exception)));
  }
  CHECK(whole(hex("01 03 04 15 06 00 01 DF FE")));
}

TEST_CASE("Modbus frame: the CRC agrees with long division on random bytes of every length") {
  std::mt19937_64 random(11);
  for (std::size_t size = 0; size <= 254; ++size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    REQUIRE(crc16(bytes.data(), static_cast<int>(size)) == tests::modbus_crc(bytes));
  }
}

TEST_CASE("Modbus frame: any one bit turned is found, and so are less than 4 and more than 256") {
  Bytes frame = sealed("01 10 10 66 00 02 04 44 7A 00 00");
  for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit) {
    frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ (1U << (bit % 8)));
    REQUIRE_FALSE(whole(frame));
    frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ (1U << (bit % 8)));
  }
  CHECK(whole(sealed("01 11")));
  CHECK_FALSE(whole(sealed("01")));
  CHECK_FALSE(whole({}));
  CHECK(whole(sealed(Bytes(254, 1))));
  CHECK_FALSE(whole(sealed(Bytes(255, 1))));
}

TEST_CASE("Modbus frame: a read's fields are big endian, its length is 8") {
  const Bytes bytes = sealed("11 04 20 08 00 7D");
  const Request request = parsed(bytes);
  CHECK(request.id == 0x11);
  CHECK(request.function == Function::read_input_registers);
  CHECK(request.address == 0x2008);
  CHECK(request.count == 125);
  CHECK(request.length_fits);
  CHECK_FALSE(parsed(sealed("11 03 20 08 00 7D 00")).length_fits);
  CHECK_FALSE(parsed(sealed("11 03 20 08 00")).length_fits);
  CHECK_FALSE(parsed(sealed("11 03")).length_fits);
}

TEST_CASE("Modbus frame: function 06 writes one register, its length is 8") {
  const Bytes bytes = hex("01 06 10 20 25 80 97 F0");
  const Request request = parsed(bytes);
  CHECK(request.address == 0x1020);
  CHECK(request.count == 1);
  CHECK(request.length_fits);
  CHECK(request.values == bytes.data() + 4);
  CHECK_FALSE(parsed(sealed("01 06 10 20 25 80 00")).length_fits);
}

TEST_CASE("Modbus frame: function 10's count, byte count and length agree, or it does not fit") {
  const Bytes bytes = hex("01 10 10 66 00 02 04 44 7A 00 00 8D 44");
  const Request request = parsed(bytes);
  CHECK(request.address == 0x1066);
  CHECK(request.count == 2);
  CHECK(request.length_fits);
  CHECK(request.values == bytes.data() + 7);
  for (const char* wrong :
       {"01 10 10 66 00 02 03 44 7A 00", "01 10 10 66 00 02 04 44 7A 00",
        "01 10 10 66 00 02 04 44 7A 00 00 00", "01 10 10 66 00 01 04 44 7A 00 00",
        "01 10 10 66 01 02 04 44 7A 00 00", "01 10 10 66 00 02", "01 10 10 66 00 02 04"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parsed(sealed(wrong)).length_fits);
  }
}

TEST_CASE("Modbus frame: answers and exceptions have the bytes of the standard") {
  Answer answer{};
  begin_read_answer(answer, 1, Function::read_holding_registers, 2);
  for (const std::uint8_t byte : hex("43 66 00 00")) add(answer, byte);
  seal(answer);
  CHECK(bytes_of(answer) == hex("01 03 04 43 66 00 00 0F A8"));

  const Bytes write = hex("01 10 10 66 00 02 04 44 7A 00 00 8D 44");
  put_write_answer(answer, 1, parsed(write));
  CHECK(bytes_of(answer) == hex("01 10 10 66 00 02 A5 17"));
  const Bytes one = hex("01 06 10 18 00 02 8C CC");
  put_write_answer(answer, 1, parsed(one));
  CHECK(bytes_of(answer) == one);

  put_exception(answer, 1, Function::read_holding_registers, Exception::illegal_data_address,
                false);
  CHECK(bytes_of(answer) == hex("01 83 02 C0 F1"));
  put_exception(answer, 1, static_cast<Function>(1), Exception::illegal_function, false);
  CHECK(bytes_of(answer) == hex("01 81 01 81 90"));
  put_exception(answer, 1, Function::write_multiple_registers, Exception::illegal_data_address,
                false);
  CHECK(bytes_of(answer) == hex("01 90 02 CD C1"));
  put_exception(answer, 1, Function::read_holding_registers, Exception::illegal_data_address, true);
  CHECK(bytes_of(answer) == hex("83 02"));
}
