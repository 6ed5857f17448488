// The npm package smartmeter-obis as an infra-red reader: node smartmeter_obis_reader.js LINK [once],
// with NODE_PATH to the package; once: one readout and nothing that goes wrong. obis_codes.json says
// which row of the matrix stands behind which code, or what is expected where the code shows one
// direction only. Prints what failed; status 0 if nothing did.
"use strict";
const fs = require("fs");
const path = require("path");
const smartmeter = require("smartmeter-obis");

const load = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, name), "utf8"));
const truth = new Map(load("rows.json").map((row) => [row.address, row]));
const codes = load("obis_codes.json");
const serial = "14500001";
let failures = 0;

function fail(sentence) {
  console.log(sentence);
  failures += 1;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// One dialogue, from sign-on to the end of the readout: the values by their codes, or the error. The
// package answers before its port is closed, and does not say it if a port that is still locked
// cannot be opened again.
async function readOut(link, options = {}) {
  let port;
  const outcome = await new Promise((done) => {
    const transport = smartmeter.init(
      {
        protocol: "D0Protocol",
        transport: "SerialRequestResponseTransport",
        transportSerialPort: link,
        transportSerialMessageTimeout: 10000,
        requestInterval: -1, // once
        logger: () => {},
        ...options,
      },
      (error, values) => done(error || values),
    );
    port = transport.serialComm;
    transport.process();
  });
  while (port.isOpen || port.closing) await pause(10);
  return outcome;
}

// Of an energy what has been metered by now, a step of 0.01 or two: rows.json has it as it was at
// first and half an hour later.
function highest(row) {
  if (row.address === undefined || row.address < "3000") return row.to;
  const runningS = Date.now() / 1000 - Number(process.env.METER_STARTED_AT);
  return row.from + ((row.to - row.from) * runningS) / 1800;
}

function matches(expected, measurement) {
  if (measurement === undefined || measurement.getValueLength() !== 1) return false;
  const { value, unit } = measurement.getValue(0);
  if (unit !== expected.unit) return false;
  const row = expected.row ? truth.get(expected.row) : expected;
  if (row.text !== undefined) return String(value) === row.text;
  return row.from <= Number(value) && Number(value) <= highest(row);
}

async function expectAll(link, options) {
  const values = await readOut(link, options);
  if (values instanceof Error) {
    fail(`With ${JSON.stringify(options)}: ${values.message}`);
    return;
  }
  for (const [code, expected] of Object.entries(codes)) {
    if (matches(expected, values[code])) continue;
    const seen = values[code] ? values[code].valueToString() : "nothing";
    const row = JSON.stringify(truth.get(expected.row));
    fail(`${code} reads ${seen}, expected ${JSON.stringify(expected)}, ${row}.`);
  }
  const unknown = Object.keys(values).filter((code) => !(code in codes));
  if (unknown.length > 0) fail(`Nothing is known about ${unknown}.`);
}

async function expectSilence(link, why, options) {
  const values = await readOut(link, { transportSerialMessageTimeout: 1700, ...options });
  if (values instanceof Error && values.message.startsWith("No or too long answer")) return;
  fail(`There was an answer ${why}: ${values.message || Object.keys(values)}.`);
}

async function disturb(link) {
  await expectSilence(link, "at 2400 Bd", { transportSerialBaudrate: 2400 });
  await expectSilence(link, "to another meter's address", { protocolD0DeviceAddress: "14500002" });
  await expectAll(link, { protocolD0DeviceAddress: `0000${serial}` });
  fs.writeFileSync(link, Buffer.from("Z\0/?~\r/!\n\u0006\u0002".repeat(3), "latin1"));
  await pause(1600); // so long the meter waits for the message to go on
  await expectAll(link, { protocolD0WakeupCharacters: 10 });
}

async function main(link, once) {
  await expectAll(link);
  if (!once) await disturb(link);
  console.log(`smartmeter-obis: ${failures} failures`);
  return failures === 0 ? 0 : 1;
}

main(process.argv[2], process.argv[3] === "once").then(
  (status) => process.exit(status),
  (error) => {
    console.log(`smartmeter-obis: ${error.message}`);
    process.exit(1);
  },
);
