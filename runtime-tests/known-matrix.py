"""Writes the matrix that every runtime computes on, and what NumPy says of it.

Two-pass covariance in float64, eigenvalues by LAPACK; the intrinsic dimensionality is the least number of
eigenvalues whose share reaches the threshold.

    python3 runtime-tests/known-matrix.py
"""
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
THRESHOLDS = [0.5, 0.9, 0.99, 0.999]

rng = np.random.default_rng(8)
# Four strong directions, four weak ones, mixed, about a mean that is large beside the deviations.
samples = rng.standard_normal((48, 8)) * [4, 3, 2, 1, 0.2, 0.1, 0.05, 0.01]
rotation, _ = np.linalg.qr(rng.standard_normal((8, 8)))
rows = (samples @ rotation + 100).astype(np.float32)

x = rows.astype(np.float64)
centred = x - x.mean(axis=0)
covariance = centred.T @ centred / len(x)
spectrum = np.linalg.eigvalsh(covariance)[::-1]
shares = np.cumsum(spectrum) / spectrum.sum()
idim = [int(np.argmax(shares >= threshold)) + 1 for threshold in THRESHOLDS]
# A count says something only where no share lies at the threshold itself.
assert min(abs(shares - threshold).min() for threshold in THRESHOLDS) > 1e-6
expected = {
    "thresholds": THRESHOLDS,
    "idim": idim,
    "saturation": idim[THRESHOLDS.index(0.99)] / x.shape[1],
    "trace": float(np.trace(covariance)),
    "spectrum": spectrum.tolist(),
}

listed = ",\n".join(f"  {json.dumps([float(v) for v in row])}" for row in rows)
module = f"/** 48 samples of 8 features, float32; written by known-matrix.py. */\nexport const rows = [\n{listed},\n];\n"
(HERE / "jobs/known-matrix.js").write_text(module)
(HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
