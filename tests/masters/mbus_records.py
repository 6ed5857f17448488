"""What libmbus makes of the meter's records, held against rows.json: mbus_records.json says which row
of the matrix comes as which record, in the telegrams' order; `digit` is what the last digit stands for.
libmbus knows the 2005 edition: the codes for reactive and apparent power are reserved to it.
"""
import json
import os
import pathlib
import time
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).parent
TRUTH = {
    row["address"]: row for row in json.loads((HERE / "rows.json").read_text(encoding="utf-8"))
}
RECORDS = json.loads((HERE / "mbus_records.json").read_text(encoding="utf-8"))
DEFAULT = [next(r for r in RECORDS["all"] if r["address"] == a) for a in RECORDS["default"]]
ALL = RECORDS["all"]
HEADER = {"Id": "14500001", "Manufacturer": "INM", "Version": "1", "Medium": "Electricity",
          "Status": "00", "Signature": "0000"}  # fmt: skip
ROUNDING = 1e-9  # of the floats here
ENERGIES = "3000"  # the first one's address; rows.json has each as it was at first and half an hour later
HALF_HOUR_S = 1800


def highest(row):
    """Of an energy what has been metered by now: a step of 10 Wh or two."""
    if row["address"] < ENERGIES:
        return row["to"]
    running_s = time.time() - float(os.environ["METER_STARTED_AT"])
    return row["from"] + (row["to"] - row["from"]) * running_s / HALF_HOUR_S


def matches(record, seen):
    described = {
        "Function": record["function"] + " value",
        "StorageNumber": str(record["storage"]),
        "Tariff": str(record["tariff"]),
        "Unit": record["unit"],
    }
    if any(seen.get(key, "0") != value for key, value in described.items()):
        return False
    row = TRUTH[record["address"]]
    text = record.get("text", row.get("text"))
    if text is not None:
        return seen["Value"] == text
    value = float(seen["Value"]) * record["digit"]
    return row["from"] - ROUNDING <= value <= highest(row) + ROUNDING


def judge(answer, expected):
    """Sentences about what is wrong with libmbus's XML `answer`; none if it is as expected."""
    try:
        telegram = xml.fromstring(answer)
    except xml.ParseError as error:
        return [f"{error} in '{answer}'."]
    head = {item.tag: item.text or "" for item in telegram.find("SlaveInformation")}
    wrong = [f"{key} is {head.get(key)}, expected {value}." for key, value in HEADER.items()
             if head.get(key) != value]  # fmt: skip
    records = [
        {item.tag: item.text or "" for item in record} for record in telegram.iter("DataRecord")
    ]
    records = [record for record in records if record["Function"] != "More records follow"]
    if len(records) != len(expected):
        wrong.append(f"There are {len(records)} records, expected {len(expected)}.")
    for record, seen in zip(expected, records):
        if not matches(record, seen):
            wrong.append(f"Read {seen}, expected {record} with {TRUTH[record['address']]}.")
    return wrong


def access_number(answer):
    return int(xml.fromstring(answer).findtext("SlaveInformation/AccessNumber"))
