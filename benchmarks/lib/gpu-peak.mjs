/** Independent chains of a thread: enough to fill the pipelines. */
const CHAINS = 16;
const STEPS = 512;
const WORKGROUP = 256;
/** A dispatch that takes less says more about the clock than about the device. */
const LONG_ENOUGH = 20;

/** What one step of a chain is, of which type, and how many products it has. Each is one instruction where there is one. */
const STEP = {
  dot4: { type: "i32", products: 4, code: (a) => `${a} = dot4I8Packed(bitcast<u32>(${a}), x) + y;` },
  i32: { type: "i32", products: 1, code: (a) => `${a} = ${a} * bitcast<i32>(x) + y;` },
  f32: { type: "f32", products: 1, code: (a) => `${a} = fma(${a}, bitcast<f32>(x), y);` },
};

/**
 * A way to measure how many products a GPU multiplies and adds a second with nothing but arithmetic to do.
 *
 * @param {"dot4" | "i32" | "f32"} kind - Four products of bytes an instruction, one of integers, one fused of float32.
 * @returns {Promise<() => Promise<number>>} Answers 10⁹ products a second.
 */
export async function openGpuPeak(device, kind) {
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: code(STEP[kind]) }) },
  });
  const operands = device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
  const one = kind === "f32" ? new Uint32Array(Float32Array.of(0.999).buffer)[0] : 0x7f81_0305;
  device.queue.writeBuffer(operands, 0, Uint32Array.of(one, 3, 0, 0));
  const results = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
  const entries = [operands, results].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const time = async (workgroups) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(workgroups);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  let workgroups = 16;
  while (workgroups < 32_768 && (await time(workgroups)) < LONG_ENOUGH) workgroups *= 2;
  const products = workgroups * WORKGROUP * STEPS * CHAINS * STEP[kind].products;
  return async () => products / (await time(workgroups)) / 1e6;
}

function code({ type, code: step }) {
  const chains = Array.from({ length: CHAINS }, (_, k) => `a${k}`);
  return `
@group(0) @binding(0) var<storage, read> operands: vec4u;
@group(0) @binding(1) var<storage, read_write> result: array<${type}>;

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let x = operands.x;
  let y = ${type}(operands.y);
  ${chains.map((a, k) => `var ${a} = ${type}(id.x + ${k}u);`).join("\n  ")}
  for (var step = 0u; step < ${STEPS}u; step++) {
    ${chains.map(step).join("\n    ")}
  }
  // Never so, which no compiler knows.
  let sum = ${chains.join(" + ")};
  if (sum == ${type}(operands.y) && operands.z == 1u) { result[0] = sum; }
}`;
}
