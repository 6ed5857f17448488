"""Prints "valid" or "invalid" for each document of a list, as a JSON Schema says.

usage: validate.py SCHEMA DOCUMENTS
"""

import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for document in json.load(open(sys.argv[2], encoding="utf-8")):
    print("valid" if validator.is_valid(document) else "invalid")
