import type { Backend, SymmetricMatrix } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import fc from "fast-check";
import { expect } from "vitest";
import { symmetricArbitrary } from "../arbitraries.js";
import { eigenvalueBound, orthogonalityBound, TINY } from "../bounds.js";
import type { CaseGroup, ConformanceCase } from "../conformance-case.js";
import { hardMatrices, ORDERS_AROUND_BLOCKS } from "../hard-matrices.js";
import {
  departureFromOrthogonality,
  exponentOf,
  largest,
  randomSymmetric,
  residual,
  timesPowerOfTwo,
} from "../matrices.js";
import { propertyRuns } from "../property-runs.js";
import { seededRandom } from "../random.js";
import { expectEigenvalues } from "./expectations.js";

/** Decompositions by their residual, their orthogonality and the eigenvalues of the reference backend. */
export function eigenvalueCases(): CaseGroup {
  return { title: "eigenvalues", cases: [...hardCases(), ...orderCases(), ...propertyCases] };
}

const reference = referenceBackend();

/** `eigvalsh` and `eigh` of `a` are right, and `a` is as it was. */
async function expectDecomposition(
  backend: Backend,
  a: SymmetricMatrix,
  truth: Float64Array = reference.eigvalsh(a),
): Promise<void> {
  const { order } = a;
  const { epsilon } = backend;
  const kept = a.upper.slice();
  const bound = eigenvalueBound(epsilon, order, largest(truth));
  expectEigenvalues(await backend.eigvalsh(a), truth, bound);
  const pairs = await backend.eigh(a);
  expect(a.upper).toEqual(kept);
  expectEigenvalues(pairs.values, truth, bound);
  expect(pairs.vectors).toHaveLength(order * order);
  expect(departureFromOrthogonality(pairs.vectors, order)).toBeLessThanOrEqual(
    orthogonalityBound(epsilon, order),
  );
  const exponent = exponentOf(a);
  const scaledNorm = largest(truth.map((value) => timesPowerOfTwo(value, -exponent)));
  // The smallest number, in the units of the scaled matrix.
  const tiny = timesPowerOfTwo(TINY, -exponent);
  expect(residual(a, pairs, exponent)).toBeLessThanOrEqual(
    eigenvalueBound(epsilon, order, scaledNorm + tiny / epsilon),
  );
}

function hardCases(): ConformanceCase[] {
  return hardMatrices().map(({ name, matrix, eigenvalues }) => ({
    name,
    async run({ backend }) {
      await expectDecomposition(backend, matrix);
      if (eigenvalues) await expectDecomposition(backend, matrix, eigenvalues);
    },
  }));
}

function orderCases(): ConformanceCase[] {
  return [...ORDERS_AROUND_BLOCKS, 100, 129].map((order) => ({
    name: `random, order ${order}`,
    run: ({ backend }) => expectDecomposition(backend, randomSymmetric(order, seededRandom(order))),
  }));
}

const propertyCases: ConformanceCase[] = [
  {
    name: "any symmetric matrix",
    run: ({ backend }) =>
      fc.assert(
        fc.asyncProperty(symmetricArbitrary(), (a) => expectDecomposition(backend, a)),
        { numRuns: propertyRuns(150) },
      ),
  },
];
