// The npm package modbus-serial as a master: node modbus_serial_master.js LINK, with NODE_PATH to
// the package. Prints what failed; status 0 if nothing did.
"use strict";
const fs = require("fs");
const path = require("path");
const ModbusRTU = require("modbus-serial");

const rows = JSON.parse(fs.readFileSync(path.join(__dirname, "rows.json"), "utf8"));
const requests = 300;
let asked = 0;
let failures = 0;

function fail(sentence) {
  console.log(sentence);
  failures += 1;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const number = (value) => Buffer.from([value >> 8, value & 0xff]);

async function open(link, baud = 9600, timeout = 5000) {
  const master = new ModbusRTU();
  await master.connectRTUBuffered(link, { baudRate: baud, parity: "even" });
  master.setTimeout(timeout);
  return master;
}

const close = (master) => new Promise((done) => master.close(done));

// The bytes of `count` registers; the error if there is no answer.
async function read(master, address, count, meter = 1) {
  asked += 1;
  master.setID(meter);
  try {
    return (await master.readHoldingRegisters(address, count)).buffer;
  } catch (error) {
    return error;
  }
}

// Function 06 for one register, 10 for more.
async function write(master, address, bytes, meter = 1) {
  asked += 1;
  master.setID(meter);
  try {
    if (bytes.length === 2) await master.writeRegister(address, bytes.readUInt16BE());
    else await master.writeRegisters(address, bytes);
  } catch (error) {
    fail(`Writing ${bytes.toString("hex")} to ${address.toString(16)} failed: ${error.message}.`);
  }
}

async function expect(master, address, bytes, meter = 1) {
  const seen = await read(master, address, bytes.length / 2, meter);
  if (Buffer.isBuffer(seen) && seen.equals(bytes)) return;
  const text = Buffer.isBuffer(seen) ? seen.toString("hex") : seen.message;
  fail(`${address.toString(16)} of meter ${meter}: ${text} instead of ${bytes.toString("hex")}.`);
}

async function expectSilence(link, baud, why) {
  const master = await open(link, baud, 300);
  if (Buffer.isBuffer(await read(master, 0x1018, 1))) fail(`There was an answer ${why}.`);
  await close(master);
}

function matches(row, bytes) {
  if (!Buffer.isBuffer(bytes)) return false;
  if (row.type === "bcd") return bytes.toString("hex") === row.text;
  if (row.type === "ascii") return bytes.toString("latin1").replace(/\0+$/, "") === row.text;
  const value = row.type === "float" ? bytes.readFloatBE() : bytes.readInt16BE();
  return row.from <= value && value <= row.to;
}

async function readMatrix(master) {
  for (const row of rows) {
    const bytes = await read(master, parseInt(row.address, 16), row.bytes / 2);
    if (matches(row, bytes)) continue;
    const text = Buffer.isBuffer(bytes) ? bytes.toString("hex") : bytes.message;
    fail(`Read ${text}, expected ${JSON.stringify(row)}.`);
  }
}

async function writeSettings(master) {
  const settings = [
    [0x1066, Buffer.from("44FA0000", "hex"), Buffer.from("447A0000", "hex")], // S0 rate 2000, 1000
    [0x107a, number(1), number(5)], // combined code
    [0x1510, number(0x25), number(0x10)], // LCD time, BCD
    [0x2200, number(2), number(1)], // tariff
  ];
  for (const [address, other, normal] of settings) {
    for (const bytes of [other, normal]) {
      await write(master, address, bytes);
      await expect(master, address, bytes);
    }
  }
}

async function changeId(link) {
  let master = await open(link);
  await write(master, 0x1018, number(17));
  await expect(master, 0x1018, number(17), 17);
  await close(master);
  await expectSilence(link, 9600, "at the old ID");
  master = await open(link);
  await write(master, 0x1018, number(1), 17);
  await expect(master, 0x1018, number(1));
  await close(master);
}

async function changeBaud(link, from, to) {
  let master = await open(link, from);
  await write(master, 0x1020, number(to));
  await close(master);
  await expectSilence(link, from, `at ${from} Bd though the meter has ${to} Bd`);
  master = await open(link, to);
  await expect(master, 0x1020, number(to));
  await close(master);
}

// Garbage, half a request, a request with a wrong CRC: then it answers as before.
async function disturb(master) {
  for (const bytes of ["55".repeat(200), "0103", "0103200800020000"]) {
    master._port._client.write(Buffer.from(bytes, "hex"));
    await pause(200);
    await expect(master, 0x1018, number(1));
  }
}

async function main(link) {
  for (let n = 0; n < 5; n += 1) {
    const master = await open(link);
    await expect(master, 0x1018, number(1));
    await close(master);
  }
  let master = await open(link);
  await readMatrix(master);
  await writeSettings(master);
  const hole = await read(master, 0x2014, 2);
  if (hole.modbusCode !== 2) fail("Reading the hole at 2014 does not give exception 02.");
  await close(master);
  await changeId(link);
  await changeBaud(link, 9600, 1200);
  await changeBaud(link, 1200, 9600);
  master = await open(link);
  await disturb(master);
  while (asked < requests) await expect(master, 0x1020, number(9600));
  await close(master);
  console.log(`modbus-serial: ${asked} requests, ${failures} failures`);
  return failures === 0 ? 0 : 1;
}

main(process.argv[2]).then(
  (status) => process.exit(status),
  (error) => {
    console.log(`modbus-serial: ${error.message}`);
    process.exit(1);
  },
);
