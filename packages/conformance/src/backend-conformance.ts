import { accuracy } from "./backend/accuracy.js";
import { eigenvalueCases } from "./backend/eigen.js";
import { eigenvalueBatchCases } from "./backend/eigen-batch.js";
import { laws } from "./backend/laws.js";
import { lifecycle } from "./backend/lifecycle.js";
import { refusals } from "./backend/refusals.js";
import { topSpectrumCases } from "./backend/top-spectrum.js";
import { views } from "./backend/views.js";
import {
  type CaseGroup,
  type ConformanceOptions,
  declareCases,
  type OpenBackend,
} from "./conformance-case.js";

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

/** The cases of the suite, to be run one by one. */
export function backendCases(): CaseGroup[] {
  return [
    lifecycle(),
    refusals(),
    views(),
    accuracy(),
    laws(),
    eigenvalueCases(),
    eigenvalueBatchCases(),
    topSpectrumCases(),
  ];
}
