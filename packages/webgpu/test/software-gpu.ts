/// <reference types="@webgpu/types" />
import { findOutside } from "@delve/conformance";
import { describe } from "vitest";
import { create, globals } from "webgpu";

Object.assign(globalThis, globals);

/** Whether there is a GPU in software for tests in Node. */
export const hasSoftwareGpu: boolean = findOutside("swiftshader") !== null;

/** Declares tests that need it, or says that they are skipped for want of it. */
export const describeWithGpu: typeof describe.skip = hasSoftwareGpu ? describe : describe.skip;

let gpu: GPU | undefined;

/** The GPU object of Dawn, one for all: an instance that is collected while its devices live takes the process along. */
export function openGpu(): GPU {
  gpu ??= create([]);
  return gpu;
}
