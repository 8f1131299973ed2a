"""PyTorch's side of the benchmarks: the operations that Python's Delve runs, in float64, on one thread."""
import torch

from peer import serve

torch.set_num_threads(1)


class Moments:
    """What Delve keeps of a layer: the sums of the samples and of their products."""

    def __init__(self, features, device="cpu"):
        self.count = 0
        self.sum = torch.zeros(features, dtype=torch.float64, device=device)
        self.products = torch.zeros(features, features, dtype=torch.float64, device=device)

    def update(self, samples):
        x = samples.double()
        self.count += x.shape[0]
        self.sum += x.sum(dim=0)
        self.products += torch.matmul(x.transpose(0, 1), x)

    def covariance(self):
        mean = self.sum / self.count
        return self.products / self.count - torch.outer(mean, mean)


def intrinsic_dimensionality(covariance, threshold=0.99):
    """Delve's number, and one more: the least k whose share reaches the threshold."""
    values = torch.linalg.eigh(covariance, UPLO="U")[0].flip(0).clamp(min=0)
    shares = values.cumsum(0) / values.sum()
    return int((shares < threshold).sum()) + 1


def covariance(request):
    samples = load(request, torch.float32)

    def action():
        moments = Moments(request["features"])
        moments.update(samples)
        return float(torch.trace(moments.covariance()))

    return action


def update(request):
    """Samples and sums are on `device`, where the covariance is waited for, too; it is the processor if left out."""
    device = request.get("device", "cpu")
    samples = load(request, torch.float32).to(device)
    moments = Moments(request["features"], device)

    def action():
        for _ in range(request["repeat"]):
            moments.update(samples)
        if device != "cpu":
            torch.cuda.synchronize()
        return float(torch.trace(moments.covariance())) if moments.count == request["repeat"] * len(samples) else 0.0

    return action


def epoch(request):
    """One batch of every layer, again and again, then the intrinsic dimensionality of each."""
    data = numbers(request["file"], torch.float32)
    layers, start = [], 0
    for shape in request["shapes"]:
        size = torch.Size(shape).numel()
        layers.append(data[start : start + size].reshape(shape))
        start += size

    def action():
        moments = [Moments(layer.shape[1]) for layer in layers]
        for _ in range(request["batches"]):
            for kept, layer in zip(moments, layers):
                kept.update(channelwise(layer))
        return [intrinsic_dimensionality(kept.covariance()) for kept in moments]

    return action


def channelwise(output):
    """Every position of every image a sample, as Delve reshapes N × C × H × W."""
    if output.dim() == 2:
        return output
    return output.permute(1, 0, 2, 3).reshape(output.shape[1], -1).permute(1, 0)


def numbers(file, dtype):
    with open(file, "rb") as content:
        return torch.frombuffer(bytearray(content.read()), dtype=dtype)


def load(request, dtype):
    return numbers(request["file"], dtype).reshape(request["rows"], request["features"])


def eigvalsh(request):
    matrix = load(request, torch.float64)
    return lambda: float(torch.linalg.eigvalsh(matrix, UPLO="U")[-1])


def eigh(request):
    matrix = load(request, torch.float64)
    return lambda: float(torch.linalg.eigh(matrix, UPLO="U")[0][-1])


def saturation(request):
    """Delve's compute_saturation of a covariance matrix."""
    order = request["order"]
    matrix = numbers(request["file"], torch.float64).reshape(order, order)
    return lambda: intrinsic_dimensionality(matrix, request["threshold"]) / order


serve(
    torch.__version__,
    {"covariance": covariance, "update": update, "epoch": epoch, "eigvalsh": eigvalsh, "eigh": eigh, "saturation": saturation},
    cuda=torch.cuda.get_device_name() if torch.cuda.is_available() else None,
)
