"""Reads a CSV as Delve's users do and prints columns, types and values (float hex) as JSON."""
import json
import sys

import pandas

# By default pandas trades the last digit for speed; with round_trip it reads what is written.
fast = pandas.read_csv(sys.argv[1], sep=";", index_col=0)
frame = pandas.read_csv(sys.argv[1], sep=";", index_col=0, float_precision="round_trip")
columns = []
for at, name in enumerate(frame.columns):
    column = frame.iloc[:, at]
    plain = [float(value).hex() for value in fast.iloc[:, at]]
    values = [float(value).hex() for value in column]
    columns.append({"name": name, "dtype": str(column.dtype), "values": values, "fast": plain})
print(json.dumps({"index": [int(i) for i in frame.index], "columns": columns}))
