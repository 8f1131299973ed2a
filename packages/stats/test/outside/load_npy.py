"""Loads every .npy file below a folder with numpy.load and prints it as JSON, numbers as float hex."""
import json
import pathlib
import sys

import numpy

root = pathlib.Path(sys.argv[1])
found = {}
for path in sorted(root.rglob("*.npy")):
    array = numpy.load(path)
    assert array.flags["C_CONTIGUOUS"]
    values = [float(value).hex() for value in array.ravel()]
    found[path.relative_to(root).as_posix()] = {"dtype": array.dtype.str, "shape": array.shape, "values": values}
print(json.dumps(found))
