"""PyTorch's side of the benchmarks: the operations that Python's Delve runs, in float64, on one thread.

Reads one JSON request per line ({"op", "rows", "features", "file"}), answers one JSON line with the best, mean and
deviation in milliseconds and a check value. `file` holds little-endian float32 samples or a float64 matrix.
"""
import json
import statistics
import sys
import time

import torch

torch.set_num_threads(1)


def update(samples):
    """One batch into Delve's covariance, and the covariance from it."""
    x = samples.double()
    n = x.shape[0]
    mean = x.sum(dim=0) / n
    return torch.matmul(x.T, x) / n - torch.outer(mean, mean)


OPERATIONS = {
    "covariance": lambda request: (
        lambda samples: lambda: float(torch.trace(update(samples)))
    )(load(request, torch.float32)),
    "eigvalsh": lambda request: (
        lambda matrix: lambda: float(torch.linalg.eigvalsh(matrix, UPLO="U")[-1])
    )(load(request, torch.float64)),
    "eigh": lambda request: (
        lambda matrix: lambda: float(torch.linalg.eigh(matrix, UPLO="U")[0][-1])
    )(load(request, torch.float64)),
}


def load(request, dtype):
    with open(request["file"], "rb") as file:
        data = torch.frombuffer(bytearray(file.read()), dtype=dtype)
    return data.reshape(request["rows"], request["features"])


def measure(action, iterations, seconds):
    check = action()
    times = []
    while len(times) < iterations or sum(times) < seconds * 1e3:
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1e3)
    deviation = statistics.stdev(times) if len(times) > 1 else 0.0
    return {"best": min(times), "mean": statistics.mean(times), "deviation": deviation, "check": check}


print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    action = OPERATIONS[request["op"]](request)
    print(json.dumps(measure(action, request["iterations"], request["time"] / 1e3)), flush=True)
