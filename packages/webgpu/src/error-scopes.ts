/// <reference types="@webgpu/types" />

/** What an action gave, and what the device says against it, if anything, once it has come so far. */
export interface Watched<T> {
  readonly result: T;
  /** Never rejected: a device that is lost says so to whoever waits for results. */
  readonly problem: Promise<GPUError | null>;
}

/** Queues something on a device, and has the device say what is wrong with it. The scopes are closed in any case. */
export function inErrorScopes<T>(device: GPUDevice, action: () => T): Watched<T> {
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  let result: T;
  let problem: Promise<GPUError | null>;
  try {
    result = action();
  } finally {
    const problems = [0, 1].map(() => device.popErrorScope().catch(() => null));
    problem = Promise.all(problems).then(([first, second]) => first ?? second ?? null);
  }
  return { result, problem };
}
