/**
 * XᵀX in TensorFlow.js, on a WebGPU device of its own.
 *
 * @returns `prepare`, which puts samples into the device's memory; `null` where its backend does not start.
 */
export async function openMatMul(gpu, device, info) {
  // Its backend does not start without, though it is handed its device.
  globalThis.navigator ??= {};
  globalThis.navigator.gpu ??= gpu;
  const tf = await import("@tensorflow/tfjs");
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  // It has registered itself, with a device that is not ours.
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, info));
  if (!(await tf.setBackend("webgpu"))) return null;
  return { prepare: (data, shape, repeat) => prepare(tf, data, shape, repeat) };
}

function prepare(tf, data, shape, repeat) {
  const x = tf.tensor2d(data, shape);
  const product = async () => {
    for (let i = 1; i < repeat; i++) tf.matMul(x, x, true, false).dispose();
    const last = tf.matMul(x, x, true, false);
    const values = await last.data();
    last.dispose();
    return values;
  };
  return {
    trace: async () => {
      const values = await product();
      let sum = 0;
      for (let f = 0; f < shape[1]; f++) sum += values[f * (shape[1] + 1)];
      return sum;
    },
    sample: async () => {
      const start = performance.now();
      await product();
      return (performance.now() - start) / repeat;
    },
    dispose: () => x.dispose(),
  };
}
