import { covariance, loadKernel, trace } from "@delve/kernel";
import { openWebGPU } from "@delve/webgpu";
import { openGpu } from "./lib/gpu.mjs";
import { openGpuPeak } from "./lib/gpu-peak.mjs";
import { layerLike } from "./lib/random.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { ratio, table } from "./lib/table.mjs";
import { openMatMul } from "./lib/tfjs-matmul.mjs";
import { operations, SHAPES } from "./lib/updates.mjs";

export const title =
  "Covariance of n × d float32 samples on a GPU (GFLOP/s: best (median) of useful operations, state included)";

/** What a processor that imitates a GPU gets through in a while. */
const SMALL = [
  [64, 100],
  [2048, 64],
  [1024, 200],
];

/** Rows that are given before the state is asked for: a pass or more, as in an epoch; fewer in software. */
const ROWS = { hardware: 65_536, software: 2048 };

/** Multiplications and additions of the device for a useful one; "exact" has 26 pairs of bytes. */
const PRODUCTS = { exact: 26, fast: 1 };

export async function run(torch) {
  const found = await openGpu();
  if (found === null) return "No WebGPU here: neither a GPU nor one in software. Nothing was measured.";
  const kernel = await loadKernel();
  const backends = await openBackends(found, kernel);
  const peaks = {};
  for (const { products } of backends)
    peaks[products] ??= await openGpuPeak(await found.openDevice(), products);
  const matMul = await openMatMul(found.gpu, await found.openDevice(), found.adapter.info);
  const setup = {
    kernel,
    backends,
    peaks,
    matMul,
    torch,
    leastRows: found.software ? ROWS.software : ROWS.hardware,
  };
  const rows = [];
  for (const shape of found.software ? SMALL : SHAPES) rows.push(await measureShape(shape, setup));
  for (const backend of backends) backend.dispose();
  kernel.dispose();
  return `${about(found, backends, torch)}\n\n${table(header(backends, torch), rows)}`;
}

/** Both modes, each with the kernel of products that it finds fastest. */
async function openBackends({ gpu, software }, kernel) {
  const modes = Object.keys(PRODUCTS);
  return Promise.all(modes.map((mode) => openWebGPU({ gpu, software, kernel, mode })));
}

function about({ name, software }, backends, torch) {
  const kernels = backends.map(
    ({ mode, products }) => `\`${mode}\` sums products in ${products}, ${PRODUCTS[mode]} for a useful one`,
  );
  return [
    `Adapter: ${name}.${software ? " **It imitates a GPU in software: small shapes, and figures that say nothing of a real one.**" : ""}`,
    `${kernels.join("; ")}. "memory": from typed arrays; "device": from buffers of the device. Share: of the peak of such`,
    "products and additions, measured beside it. tfjs: `matMul(x, x, true, false)` of float32 on the device, without mean.",
    `PyTorch: float64 on ${torch?.cuda ?? "no CUDA device: left out"}. Wasm: one thread.`,
  ].join("\n");
}

function header(backends, torch) {
  const modes = backends.flatMap(({ mode }) => [
    `${mode}, memory`,
    `${mode}, device`,
    "share",
    "device / Wasm",
  ]);
  return ["n × d", "Wasm", ...modes, "tfjs", ...(torch?.cuda ? ["PyTorch"] : [])];
}

async function measureShape(shape, { kernel, backends, peaks, matMul, torch, leastRows }) {
  const [n, d] = shape;
  const data = layerLike(n, d, n + d);
  const repeat = Math.max(1, Math.ceil(leastRows / n));
  const wasm = openSampler(kernel, shape, repeat, (moments) => moments.update(batchOf(data, shape)));
  const samplers = { wasm: wasm.sample, ...peaks };
  const opened = [wasm];
  for (const backend of backends) {
    const { mode } = backend;
    const buffer = upload(backend.gpuDevice, data);
    const inPlace = batchOf(
      { device: backend.gpuDevice, buffer, byteOffset: 0, byteLength: data.byteLength },
      shape,
    );
    const memory = openSampler(backend, shape, repeat, (moments) => moments.update(batchOf(data, shape)));
    const device = openSampler(
      backend,
      shape,
      repeat,
      (moments) => moments.updateGpu(inPlace),
      () => buffer.destroy(),
    );
    for (const { trace: check } of [memory, device]) agree(mode, await check(), await wasm.trace(), 1e-4);
    samplers[`${mode}, memory`] = memory.sample;
    samplers[`${mode}, device`] = device.sample;
    opened.push(memory, device);
  }
  const product = matMul?.prepare(data, shape, repeat);
  if (product) {
    const squares = data.reduce((sum, x) => sum + x * x, 0);
    agree("tfjs", await product.trace(), squares, 1e-3);
    samplers.tfjs = product.sample;
    opened.push(product);
  }
  const peer =
    torch?.cuda && (await torch.prepare("update", data, { rows: n, features: d, repeat, device: "cuda" }));
  if (peer) {
    agree("PyTorch", peer.check, await wasm.trace(), 1e-6);
    samplers.torch = async () => (await peer.sample()) / repeat;
  }
  const taken = await inTurn(samplers);
  for (const each of opened) each.dispose();
  return row(shape, taken, backends, peer !== undefined && peer !== null);
}

function row(shape, taken, backends, withTorch) {
  const speed = (milliseconds) => operations(shape) / milliseconds / 1e6;
  const both = (summary) =>
    summary ? `${speed(summary.least).toPrecision(3)} (${speed(summary.median).toPrecision(3)})` : "–";
  const modes = backends.flatMap(({ mode, products }) => {
    const device = taken[`${mode}, device`];
    // Half of the operations are multiplications.
    const done = (speed(device.least) / 2) * PRODUCTS[mode];
    const share = (done / taken[products].most).toFixed(2);
    return [both(taken[`${mode}, memory`]), both(device), share, ratio(taken.wasm.least, device.least)];
  });
  const peers = withTorch ? [both(taken.tfjs), both(taken.torch)] : [both(taken.tfjs)];
  return [shape.join(" × "), both(taken.wasm), ...modes, ...peers];
}

const batchOf = (data, [rows, features]) => ({ data, rows, features, rowStride: features, featureStride: 1 });

function upload(device, data) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: data.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

/** Milliseconds of a batch: several are taken in, then the state is waited for. */
function openSampler(backend, [, features], repeat, take, end = () => {}) {
  const moments = backend.createMoments(features);
  const accumulate = async () => {
    moments.reset();
    for (let i = 0; i < repeat; i++) take(moments);
    return await moments.state();
  };
  return {
    trace: async () => trace(covariance(await accumulate())),
    sample: async () => {
      const start = performance.now();
      await accumulate();
      return (performance.now() - start) / repeat;
    },
    dispose: () => {
      moments.dispose();
      end();
    },
  };
}

/** A peer that computes something else is no peer. */
function agree(name, value, expected, accuracy) {
  if (!(Math.abs(value - expected) <= accuracy * Math.abs(expected))) {
    throw new Error(`webgpu: ${name} must agree on the trace ${expected}, got ${value}`);
  }
}
