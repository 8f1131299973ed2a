import { type Backend, DisposedError, NonFiniteError, ShapeError, type SymmetricMatrix } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import fc from "fast-check";
import { expect } from "vitest";
import { symmetricArbitrary } from "../arbitraries.js";
import { eigenvalueBound } from "../bounds.js";
import type { CaseGroup, ConformanceCase } from "../conformance-case.js";
import { largest, randomSymmetric } from "../matrices.js";
import { propertyRuns } from "../property-runs.js";
import { seededRandom } from "../random.js";
import { expectEigenvalues, expectRefusal } from "./expectations.js";

/** Many matrices at once, by the eigenvalues of each alone; nothing to show for a backend that takes one at a time. */
export function eigenvalueBatchCases(): CaseGroup {
  return { title: "eigenvalues of a batch", cases: [...listCases, ...refusals] };
}

const reference = referenceBackend();
const random = (order: number): SymmetricMatrix => randomSymmetric(order, seededRandom(order));

async function expectBatch(backend: Backend, matrices: readonly SymmetricMatrix[]): Promise<void> {
  if (backend.eigvalshBatch === undefined) return;
  const kept = matrices.map(({ upper }) => upper.slice());
  const found = await backend.eigvalshBatch(matrices);
  expect(found).toHaveLength(matrices.length);
  expect(matrices.map(({ upper }) => upper)).toEqual(kept);
  matrices.forEach((matrix, index) => {
    const truth = reference.eigvalsh(matrix);
    const bound = eigenvalueBound(backend.epsilon, matrix.order, largest(truth));
    expectEigenvalues(found[index]!, truth, bound);
  });
}

const listCases: ConformanceCase[] = [
  { name: "none", run: ({ backend }) => expectBatch(backend, []) },
  { name: "one", run: ({ backend }) => expectBatch(backend, [random(9)]) },
  {
    name: "orders that rise, fall and repeat",
    run: ({ backend }) => expectBatch(backend, [3, 1, 64, 5, 5, 130, 2, 33, 1, 4].map(random)),
  },
  {
    name: "the same matrix twice in a list",
    async run({ backend }) {
      const matrix = random(12);
      await expectBatch(backend, [matrix, random(40), matrix]);
    },
  },
  {
    name: "any lists",
    run: ({ backend }) =>
      fc.assert(
        fc.asyncProperty(fc.array(symmetricArbitrary({ maxOrder: 12 }), { maxLength: 6 }), (matrices) =>
          expectBatch(backend, matrices),
        ),
        { numRuns: propertyRuns(40) },
      ),
  },
];

const refusals: ConformanceCase[] = [
  {
    name: "a matrix of the wrong length in a list",
    async run({ backend }) {
      const solve = backend.eigvalshBatch?.bind(backend);
      if (solve === undefined) return;
      const list = [random(3), { order: 2, upper: new Float64Array(4) }];
      await expectRefusal(() => solve(list), ShapeError, /^eigvalshBatch\[1\]: .*got 4/);
    },
  },
  {
    name: "a NaN in a list",
    async run({ backend }) {
      const solve = backend.eigvalshBatch?.bind(backend);
      if (solve === undefined) return;
      const list = [random(3), random(5), random(4)];
      list[2]!.upper[5] = Number.NaN;
      const error = await expectRefusal(() => solve(list), NonFiniteError, /^eigvalshBatch\[2\]: .*got NaN/);
      expect({ ...error }).toMatchObject({ row: 1, feature: 2 });
      await expectBatch(backend, list.slice(0, 2));
    },
  },
  {
    name: "a list after dispose",
    async run({ open }) {
      const backend = await open();
      const solve = backend.eigvalshBatch?.bind(backend);
      backend.dispose();
      if (solve === undefined) return;
      await expectRefusal(() => solve([random(3)]), DisposedError, /^eigvalshBatch: /);
    },
  },
];
