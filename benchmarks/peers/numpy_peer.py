"""NumPy's side of the benchmarks: its BLAS, on one thread."""
import numpy as np

from peer import serve


def dsyrk(request):
    """AᵀA of float64 samples, converted beforehand; NumPy recognises the product with the transposed as dsyrk."""
    samples = np.fromfile(request["file"], dtype=np.float32).reshape(request["rows"], request["features"])
    a = samples.astype(np.float64)

    def action():
        for _ in range(request["repeat"]):
            product = a.T @ a
        return float(np.trace(product))

    return action


def eigvalsh(request):
    """LAPACK dsyevd('N') of a float64 matrix."""
    matrix = np.fromfile(request["file"], dtype=np.float64).reshape(request["order"], request["order"])
    return lambda: float(np.linalg.eigvalsh(matrix)[-1])


def eigh(request):
    """LAPACK dsyevd('V') of a float64 matrix."""
    matrix = np.fromfile(request["file"], dtype=np.float64).reshape(request["order"], request["order"])
    return lambda: float(np.linalg.eigh(matrix)[0][-1])


serve(np.__version__, {"dsyrk": dsyrk, "eigvalsh": eigvalsh, "eigh": eigh})
