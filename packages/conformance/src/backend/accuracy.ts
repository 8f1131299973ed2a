import { covariance, decodeState, encodeState, type MomentsState, mergeStates } from "@delve/kernel";
import type { CaseGroup, ConformanceCase, Subject } from "../conformance-case.js";
import { type Random, seededRandom } from "../random.js";
import { type DenseSamples, denseSamples, piecesOf, sampleMatrix, sliceRows } from "../samples.js";
import { twoPassCovariance } from "../two-pass.js";
import { accumulatedCovariance, expectCovariance, withMoments } from "./expectations.js";

/** Covariance within its bound of the two-pass reference where a naive sum loses all its digits. */
export function accuracy(): CaseGroup {
  return { title: "accuracy", cases: [...largeMeans(), ...movingMeans(), manyRows] };
}

const ROWS = 2000;
const FEATURES = 5;

/** Correlated features whose standard deviations span six decades, with means of `ratio` standard deviations. */
function offCentre(ratio: number, random: Random, single = false): DenseSamples {
  let common = 0;
  return denseSamples(
    ROWS,
    FEATURES,
    (_, f) => {
      if (f === 0) common = random.normal();
      return 10 ** (f * 1.5 - 3) * (ratio * (1 + f / 7) + common + random.normal());
    },
    single,
  );
}

function largeMeans(): ConformanceCase[] {
  return [0, 1, 1e3, 1e6, 1e8].flatMap((ratio) => [
    largeMean(ratio, "in one batch", (samples) => [samples]),
    largeMean(ratio, "in batches of 64 rows", (samples) => piecesOf(samples, 64)),
    largeMean(ratio, "in batches of one row", (samples) => piecesOf(samples, 1)),
    merged(ratio, "merged by the accumulator", mergeInAccumulator),
    merged(ratio, "merged as plain states", mergeAsStates),
  ]);
}

function largeMean(
  ratio: number,
  how: string,
  cut: (samples: DenseSamples) => DenseSamples[],
): ConformanceCase {
  return {
    name: `mean of ${ratio} standard deviations, ${how}`,
    async run({ backend }) {
      const samples = offCentre(ratio, seededRandom(21));
      const actual = await accumulatedCovariance(backend, cut(samples));
      expectCovariance(actual, twoPassCovariance(samples), backend.epsilon);
    },
  };
}

type Merge = (states: readonly MomentsState[], subject: Subject) => Promise<MomentsState>;

function merged(ratio: number, how: string, merge: Merge): ConformanceCase {
  return {
    name: `mean of ${ratio} standard deviations, in pieces of 64 rows, encoded and ${how} in any order`,
    async run(subject) {
      const { backend } = subject;
      const random = seededRandom(22);
      const samples = offCentre(ratio, random);
      const truth = twoPassCovariance(samples);
      const states: MomentsState[] = [];
      for (const piece of piecesOf(samples, 64)) {
        const encoded = await withMoments(backend, FEATURES, [sampleMatrix(piece)], async (moments) =>
          encodeState(await moments.state()),
        );
        states.push(decodeState(encoded));
      }
      for (let order = 0; order < 5; order++) {
        expectCovariance(covariance(await merge(random.shuffle(states), subject)), truth, backend.epsilon);
      }
    },
  };
}

const mergeInAccumulator: Merge = (states, { backend }) =>
  withMoments(backend, FEATURES, [], async (moments) => {
    for (const state of states) moments.merge(state);
    return moments.state();
  });

/** Pairwise, as a tree, encoded after every step. */
const mergeAsStates: Merge = async (states) => {
  let level = [...states];
  while (level.length > 1) {
    const pairs = Math.ceil(level.length / 2);
    level = Array.from({ length: pairs }, (_, k) => {
      const [a, b] = [level[2 * k]!, level[2 * k + 1]];
      return b === undefined ? a : decodeState(encodeState(mergeStates(a, b)));
    });
  }
  return level[0]!;
};

function movingMeans(): ConformanceCase[] {
  const random = seededRandom(23);
  return [
    moving("a mean that drifts by 10 standard deviations a row", (r) => 10 * r),
    moving("a mean that drifts slowly at 1e8 standard deviations", (r) => 1e8 + r / 500),
    moving("a first batch far away from all others", (r) => (r < 3 ? -1e8 : 0)),
    moving("a mean that jumps between 0 and 1e6", (r) => (Math.floor(r / 100) % 2) * 1e6),
    {
      name: "float32 with a mean of 1e3 standard deviations",
      async run({ backend }) {
        const samples = offCentre(1e3, random, true);
        const actual = await accumulatedCovariance(backend, piecesOf(samples, 300), true);
        expectCovariance(actual, twoPassCovariance(samples), backend.epsilon);
      },
    },
    {
      name: "numbers near the largest and the smallest that can be squared",
      async run({ backend }) {
        for (const scale of [1e-130, 1e130]) {
          const samples = denseSamples(300, 3, () => scale * (10 + random.normal()));
          const actual = await accumulatedCovariance(backend, piecesOf(samples, 77));
          expectCovariance(actual, twoPassCovariance(samples), backend.epsilon);
        }
      },
    },
  ];

  function moving(name: string, meanOfRow: (row: number) => number): ConformanceCase {
    return {
      name,
      async run({ backend }) {
        const samples = denseSamples(1500, 4, (r, f) => meanOfRow(r) * (1 + f) + random.normal());
        const truth = twoPassCovariance(samples);
        const uneven = [sliceRows(samples, 0, 3), ...piecesOf(sliceRows(samples, 3, 1500), 64)];
        for (const batches of [[samples], uneven]) {
          expectCovariance(await accumulatedCovariance(backend, batches), truth, backend.epsilon);
        }
      },
    };
  }
}

const manyRows: ConformanceCase = {
  name: "a million rows in one batch and in batches of 1000, with a mean of 1e6 standard deviations",
  async run({ backend }) {
    const random = seededRandom(24);
    // Repeating the rows leaves the covariance, so that the truth is that of the first thousand.
    const once = denseSamples(1000, 2, () => 1e6 + random.normal());
    const truth = twoPassCovariance(once);
    const many = denseSamples(1e6, 2, (r, f) => once.data[(r % 1000) * 2 + f]!);
    expectCovariance(await accumulatedCovariance(backend, [many]), truth, backend.epsilon);
    const repeated = new Array<DenseSamples>(1000).fill(once);
    expectCovariance(await accumulatedCovariance(backend, repeated), truth, backend.epsilon);
  },
};
