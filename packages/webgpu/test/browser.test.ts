// The suites of every backend, in a browser: on Chromium's own WebGPU, with a GPU in software.
import { fileURLToPath } from "node:url";
import { findOutside } from "@delve/conformance";
import { pageConformance } from "@delve/conformance/page-conformance";
import { describe, vi } from "vitest";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const executable = findOutside("chromium");

const PAGE = `
import { casesInPage } from "@delve/conformance/cases-in-page";
import { openWebGPU } from "@delve/webgpu";
globalThis.job = casesInPage(() => openWebGPU({ software: true }));
`;

describe.skipIf(executable === null)("in Chromium", () => {
  pageConformance("webgpu", executable!, {
    contents: PAGE,
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    flags: ["--enable-unsafe-webgpu"],
  });
});
