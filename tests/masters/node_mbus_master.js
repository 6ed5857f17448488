// The npm package node-mbus, libmbus as a library, as a master: node node_mbus_master.js LINK, with
// NODE_PATH to the package. Prints what failed; status 0 if nothing did.
"use strict";
const fs = require("fs");
const path = require("path");
const MbusMaster = require("node-mbus");

const load = (name) => JSON.parse(fs.readFileSync(path.join(__dirname, name), "utf8"));
const truth = new Map(load("rows.json").map((row) => [row.address, row]));
const records = load("mbus_records.json");
const defaultSet = records.default.map((address) =>
  records.all.find((record) => record.address === address),
);
const secondary = "14500001CD250102"; // the maker as it goes over the wire
const rounding = 1e-9; // of the numbers here
let failures = 0;

function fail(sentence) {
  console.log(sentence);
  failures += 1;
}

function open(link, baud = 9600) {
  const master = new MbusMaster({ serialPort: link, serialBaudRate: baud });
  if (!master.connect()) fail(`${link} cannot be opened at ${baud} Bd.`);
  return master;
}

// What was answered, or the error.
async function read(master, address) {
  try {
    return await master.getDataAsync(address);
  } catch (error) {
    return error;
  }
}

// Of an energy what has been metered by now, a step of 10 Wh or two: rows.json has it as it was at
// first and half an hour later.
function highest(row) {
  if (row.address < "3000") return row.to;
  const runningS = Date.now() / 1000 - Number(process.env.METER_STARTED_AT);
  return row.from + ((row.to - row.from) * runningS) / 1800;
}

function matches(record, seen) {
  if (seen === undefined) return false;
  const described =
    seen.Function === `${record.function} value` &&
    seen.StorageNumber === record.storage &&
    (seen.Tariff || 0) === record.tariff &&
    seen.Unit === record.unit;
  const row = truth.get(record.address);
  const value = seen.Value * record.digit;
  return described && row.from - rounding <= value && value <= highest(row) + rounding;
}

async function expectDefaultSet(master, address) {
  const answer = await read(master, address);
  if (answer instanceof Error) {
    fail(`${address}: ${answer.message}.`);
    return;
  }
  const { Id, Manufacturer, Version, Medium, Status } = answer.SlaveInformation;
  const head = [Id, Manufacturer, Version, Medium, Status].join(" ");
  if (head !== "14500001 INM 1 Electricity 0") fail(`${address} is ${head}.`);
  if (answer.DataRecord.length !== defaultSet.length) {
    fail(`${address} has ${answer.DataRecord.length} records, expected ${defaultSet.length}.`);
  }
  defaultSet.forEach((record, n) => {
    if (matches(record, answer.DataRecord[n])) return;
    const row = JSON.stringify(truth.get(record.address));
    fail(`Read ${JSON.stringify(answer.DataRecord[n])}, expected ${JSON.stringify(record)}, ${row}.`);
  });
}

async function expectError(master, address, part) {
  const answer = await read(master, address);
  if (answer instanceof Error && answer.message.includes(part)) return;
  fail(`${address}: ${answer.message || JSON.stringify(answer)} instead of '${part}'.`);
}

// To a new address, after which nobody is at the old one.
async function changeAddress(master) {
  for (const [from, to] of [
    ["1", 99],
    [secondary, 1],
  ]) {
    try {
      await master.setPrimaryIdAsync(from, to);
    } catch (error) {
      fail(`From ${from} to ${to}: ${error.message}.`);
    }
    await expectDefaultSet(master, String(to));
  }
  await expectError(master, "99", "Failed to send/receive");
}

async function main(link) {
  let master;
  for (let n = 0; n < 2; n += 1) {
    master = open(link);
    await expectDefaultSet(master, "1");
    master.close();
  }
  master = open(link);
  await expectDefaultSet(master, secondary);
  await expectDefaultSet(master, "1450FFFFFFFFFFFF");
  await expectError(master, "14500002FFFFFFFF", "does not match any device");
  const found = await master.scanSecondaryAsync();
  if (found.join() !== secondary) fail(`The search finds ${found}.`);
  await changeAddress(master);
  master.close();
  master = open(link, 4800);
  await expectError(master, "1", "Failed to send/receive");
  master.close();
  master = open(link);
  await expectDefaultSet(master, "1");
  master.close();
  console.log(`node-mbus: ${failures} failures`);
  return failures === 0 ? 0 : 1;
}

main(process.argv[2]).then(
  (status) => process.exit(status),
  (error) => {
    console.log(`node-mbus: ${error.message}`);
    process.exit(1);
  },
);
