"""What the peers have in common: requests in, times out, one JSON object a line.

{"op", "file", …, "iterations", "time"} times an operation and answers best, mean and deviation in milliseconds and a
check value. {"prepare": op, "file", …} gets one ready and runs it once, {"sample": true} runs it once more and answers
{"ms"}; that first run is timed as well. `file` holds little-endian numbers. The clock is that of benchmarks/lib/clock.mjs.
"""
import ctypes
import json
import os
import re
import statistics
import sys
import time

clock = time.process_time if os.environ.get("DELVE_CLOCK") == "cpu" else time.perf_counter


def serve(version, operations, cuda=None):
    """
    `operations`: by name, a function of the request that returns what is to be timed, which returns a check value.
    `cuda`: name of the CUDA device, if there is one.
    """
    print(json.dumps({"version": version, "blas": blas(), "cuda": cuda}), flush=True)
    prepared = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "sample" in request:
                answer = {"ms": timed(prepared)}
            elif "prepare" in request:
                prepared = operations[request["prepare"]](request)
                start = clock()
                check = prepared()
                answer = {"check": check, "ms": (clock() - start) * 1e3}
            else:
                answer = measure(operations[request["op"]](request), request["iterations"], request["time"])
        except Exception as error:  # The benchmark reports it and stops.
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


def timed(action):
    start = clock()
    action()
    return (clock() - start) * 1e3


def measure(action, iterations, least):
    check = action()
    times = []
    while len(times) < iterations or sum(times) < least:
        times.append(timed(action))
    deviation = statistics.stdev(times) if len(times) > 1 else 0.0
    return {"best": min(times), "mean": statistics.mean(times), "deviation": deviation, "check": check}


def blas():
    """File name of the BLAS that this process has loaded and what OpenBLAS runs as, where the system says so."""
    try:
        with open("/proc/self/maps") as maps:
            found = set(re.findall(r"(/\S*(?:blas|mkl_rt|blis)[^/\s]*\.so[^/\s]*)", maps.read()))
    except OSError:
        found = set()
    paths = sorted(path for path in found if "openblas" in os.path.basename(path)) or sorted(found)
    return ", ".join(os.path.basename(path) + core(path) for path in paths) or "unknown"


CORE_NAME = re.compile(rb"\0(\w{0,32}openblas_get_corename\w{0,32})\0")
# Cores whose matrix product works on vectors of 512 bits, four times those of WebAssembly.
WIDE_CORES = {"SkylakeX", "Cooperlake", "SapphireRapids"}


def core(path):
    """The processor that an OpenBLAS takes this one for; its builds name the function with affixes of their own."""
    with open(path, "rb") as content:
        binary = content.read()
    # Only near where the name is, since a search of all for names around it takes a minute.
    places = (found.start() for found in re.finditer(rb"openblas_get_corename", binary))
    names = {name for at in places for name in CORE_NAME.findall(binary[max(0, at - 40) : at + 80])}
    library = ctypes.CDLL(path)
    for name in sorted(names):
        function = getattr(library, name.decode(), None)
        if function is not None:
            function.restype = ctypes.c_char_p
            found = function().decode()
            return f" as {found}{', 512-bit vectors' if found in WIDE_CORES else ''}"
    return ""


if __name__ == "__main__":
    print(blas())
