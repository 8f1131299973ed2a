/// <reference types="@webgpu/types" />
import { findOutside } from "@delve/conformance";
import { describe } from "vitest";

/** Whether there is a GPU in software for tests in Node. */
export const hasSoftwareGpu: boolean = findOutside("swiftshader") !== null;

// Not loaded where it has nothing to run on: its binary does not exist for every machine.
const dawn = hasSoftwareGpu ? await import("webgpu") : undefined;
Object.assign(globalThis, dawn?.globals);

/** Declares tests that need it, or says that they are skipped for want of it. */
export const describeWithGpu: typeof describe.skip = hasSoftwareGpu ? describe : describe.skip;

let gpu: GPU | undefined;

/** The GPU object of Dawn, one for all: an instance that is collected while its devices live takes the process along. */
export function openGpu(): GPU {
  gpu ??= dawn!.create([]);
  return gpu;
}
