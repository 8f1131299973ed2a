import { backendCases } from "./backend/cases.js";
import { type ConformanceOptions, declareCases, type OpenBackend } from "./conformance-case.js";

/**
 * What every backend must satisfy; call it at the top level of the backend's own test file.
 *
 * @param name - As it shall appear in the title of the tests.
 * @param open - Makes a backend. The suite disposes of what it opens.
 * @example
 * ```text
 * backendConformance("reference", referenceBackend);
 * backendConformance("wasm", () => loadKernel(), { skip: { "tiny couplings": "reason" } });
 * ```
 */
export function backendConformance(name: string, open: OpenBackend, options: ConformanceOptions = {}): void {
  declareCases(`${name} as a backend`, open, backendCases(), options);
}
