"""What the peers have in common: requests in, times out, one JSON object a line.

{"op", "file", …, "iterations", "time"} times an operation and answers best, mean and deviation in milliseconds and a
check value. {"prepare": op, "file", …} gets one ready and runs it once, {"sample": true} runs it once more and answers
{"ms"}. `file` holds little-endian numbers. The clock is that of benchmarks/lib/clock.mjs.
"""
import json
import os
import re
import statistics
import sys
import time

clock = time.process_time if os.environ.get("DELVE_CLOCK") == "cpu" else time.perf_counter


def serve(version, operations):
    """`operations`: by name, a function of the request that returns what is to be timed, which returns a check value."""
    print(json.dumps({"version": version, "blas": blas()}), flush=True)
    prepared = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "sample" in request:
                answer = {"ms": timed(prepared)}
            elif "prepare" in request:
                prepared = operations[request["prepare"]](request)
                answer = {"check": prepared()}
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
    """File name of the BLAS that this process has loaded, where the system says so."""
    try:
        with open("/proc/self/maps") as maps:
            found = set(re.findall(r"/([^/\s]*(?:blas|mkl_rt|blis)[^/\s]*\.so[^/\s]*)", maps.read()))
    except OSError:
        found = set()
    return ", ".join(sorted(name for name in found if "openblas" in name) or sorted(found)) or "unknown"
