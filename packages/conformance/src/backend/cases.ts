import type { CaseGroup } from "../conformance-case.js";
import { accuracy } from "./accuracy.js";
import { eigenvalueCases } from "./eigen.js";
import { eigenvalueBatchCases } from "./eigen-batch.js";
import { laws } from "./laws.js";
import { lifecycle } from "./lifecycle.js";
import { refusals } from "./refusals.js";
import { topSpectrumCases } from "./top-spectrum.js";
import { views } from "./views.js";

/** What every backend must satisfy, case by case. */
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
