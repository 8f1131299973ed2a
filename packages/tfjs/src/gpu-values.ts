import type { GpuValues } from "@delve/kernel";
import type { Output } from "./output.js";
import type { Tensor, TensorFlow } from "./types.js";

/** A tensor's values in the memory of a GPU, until they are released. */
export interface HeldGpuValues {
  readonly output: Output<GpuValues>;
  release(): void;
}

/** The WebGPU device that tfjs computes on; `undefined` if it computes elsewhere. */
export function gpuDeviceOf(tf: TensorFlow): object | undefined {
  return tf.getBackend() === "webgpu" ? Reflect.get(tf.backend?.() ?? {}, "device") : undefined;
}

/**
 * A tensor's values where they lie, if that is on this WebGPU device; else `null`: they have to be read. Nothing
 * passes through the processor; they are held, whatever becomes of the tensor, until they are released.
 */
export function holdGpuValues(
  tf: TensorFlow,
  tensor: Tensor,
  device: object | undefined,
): HeldGpuValues | null {
  if (device === undefined || tensor.dtype !== "float32" || !tensor.dataToGPU) return null;
  if (gpuDeviceOf(tf) !== device) return null;
  let held: ReturnType<NonNullable<Tensor["dataToGPU"]>>;
  try {
    held = tensor.dataToGPU();
  } catch {
    // tfjs keeps small tensors, and those made of plain numbers, in the processor's memory.
    return null;
  }
  const { tensorRef, buffer } = held;
  if (!buffer) {
    tensorRef.dispose();
    return null;
  }
  tensorRef.kept = true;
  const { shape } = tensor;
  // The buffer may be longer than what is in it.
  const byteLength = 4 * shape.reduce((a, b) => a * b, 1);
  const data = { device, buffer, byteOffset: 0, byteLength };
  return { output: { data, shape }, release: () => tensorRef.dispose() };
}
