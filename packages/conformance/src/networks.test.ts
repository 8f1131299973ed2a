import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { networkCases } from "./networks.js";

test.each(networkCases())("$name is complete: inputs, logits, and a covariance for each layer", (network) => {
  expect(network.input.shape).toEqual([597, 1, 8, 8]);
  expect(network.logits.shape).toEqual([597, 10]);
  expect(readFileSync(network.model).length).toBeGreaterThan(1000);
  expect(network.layers.length).toBeGreaterThan(1);
  for (const { d, covariance, trace, eigenvalues } of network.layers) {
    expect(covariance).toHaveLength(d * d);
    const diagonal = Array.from({ length: d }, (_, i) => covariance[i * d + i]!);
    expect(diagonal.reduce((a, b) => a + b) / trace).toBeCloseTo(1, 12);
    expect(eigenvalues.reduce((a, b) => a + b) / trace).toBeCloseTo(1, 12);
  }
});
