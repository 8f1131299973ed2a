/// <reference types="@webgpu/types" />

/** The device with some of its members replaced. */
export function changed(device: GPUDevice, members: object): GPUDevice {
  return new Proxy(device, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return members[name as keyof typeof members];
      const value = target[name as keyof GPUDevice] as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
