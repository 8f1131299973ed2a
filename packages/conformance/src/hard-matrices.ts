import { type SymmetricMatrix, unpackUpper } from "@delve/kernel";
import { randomSymmetric, symmetricMatrix, withSpectrum } from "./matrices.js";
import { type Random, seededRandom } from "./random.js";

/** A matrix that has broken eigensolvers before, or would break a careless one. */
export interface HardMatrix {
  readonly name: string;
  readonly matrix: SymmetricMatrix;
  /** Its eigenvalues, ascending, where they are known in closed form. */
  readonly eigenvalues?: Float64Array;
}

/** Orders around every block size that a kernel may have. */
export const ORDERS_AROUND_BLOCKS: readonly number[] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65,
];

/** The collection, made anew at each call. */
export function hardMatrices(): HardMatrix[] {
  return [...simple(), ...clustered(), ...graded(), ...extreme(), ...deficient(), ...divided()];
}

function simple(): HardMatrix[] {
  return [
    hard("zero", 5, () => 0, [0, 0, 0, 0, 0]),
    hard("ones", 7, () => 1, [0, 0, 0, 0, 0, 0, 7]),
    hard("identity", 9, (i, j) => (i === j ? 1 : 0), new Array(9).fill(1)),
    hard("order 1", 1, () => 3.5, [3.5]),
    hard("order 1, negative", 1, () => -2, [-2]),
    hard("order 2, rank 1", 2, () => 1, [0, 2]),
    hard("order 2, zero diagonal", 2, (i, j) => (i === j ? 0 : 1), [-1, 1]),
    hard("unsorted diagonal", 5, (i, j) => (i === j ? [3, -1, 7, 0, 2][i]! : 0), [-1, 0, 2, 3, 7]),
    hard("zero diagonal, checkerboard", 6, (i, j) => (j - i) % 2, [-3, 0, 0, 0, 0, 3]),
    hard("negative zeros", 4, () => -0, [0, 0, 0, 0]),
    {
      name: "(−1, 2, −1)",
      matrix: tridiagonal(33, () => 2, -1),
      eigenvalues: Float64Array.from(
        { length: 33 },
        (_, k) => 4 * Math.sin(((k + 1) * Math.PI) / (2 * 34)) ** 2,
      ),
    },
  ];
}

function clustered(): HardMatrix[] {
  const repeated = [1, 1, 1, 1, 1, 2, 2, 2, 5, 5];
  const wilkinson = (i: number) => Math.abs(10 - (i % 21));
  return [
    { name: "repeated values", matrix: withSpectrum(repeated), eigenvalues: Float64Array.from(repeated) },
    { name: "Wilkinson", matrix: tridiagonal(21, wilkinson, 1) },
    { name: "glued Wilkinson", matrix: glued(5, wilkinson, 1e-8) },
    { name: "glued Wilkinson, weak glue", matrix: glued(4, wilkinson, 1e-14) },
    { name: "cluster around 1", matrix: withSpectrum(geometric(20, 1e-16).map((x) => 1 + x)) },
    hard("identity, barely disturbed", 12, (i, j) => (i === j ? 1 : 1e-17 * (i + j))),
    {
      name: "one direction dominates",
      matrix: withSpectrum([...geometric(15, 1e-3).map((x) => x * 1e-12), 1]),
    },
  ];
}

function graded(): HardMatrix[] {
  const lastFirst = (order: number) => (i: number, j: number) => 10 ** -(2 * order - 2 - i - j);
  return [
    hard("graded, large first", 12, (i, j) => 10 ** -(i + j)),
    hard("graded, large last", 12, lastFirst(12)),
    hard("graded over the whole range", 10, (i, j) => (i === j ? 2 : 1) * 10 ** (300 - 33 * (i + j))),
    { name: "geometric spectrum", matrix: withSpectrum(geometric(24, 1e-20)) },
    hard("Hilbert", 12, (i, j) => 1 / (i + j + 1)),
    hard("tiny couplings", 8, (i, j) => (i === j ? i : 1e-300)),
    hard(
      "products of couplings below 1e-150",
      5,
      (i, j) => (i === j ? [1, 0, 2, 0, 3][i]! : j === i + 1 ? [1e-17, 1e-140][i % 2]! : 0),
      [0, 0, 1, 2, 3],
    ),
    hard("the same, upside down", 5, (i, j) =>
      i === j ? [3, 0, 2, 0, 1][i]! : j === i + 1 ? [1e-140, 1e-17][i % 2]! : 0,
    ),
    {
      name: "arrow",
      matrix: symmetricMatrix(20, (i, j) => (i === j ? i * i : i === 0 ? 1 : 0)),
    },
  ];
}

function extreme(): HardMatrix[] {
  const random = seededRandom(1);
  const scaled = (factor: number, order: number) => {
    const { upper } = randomSymmetric(order, random);
    return { order, upper: upper.map((value) => value * factor) };
  };
  return [
    { name: "subnormal", matrix: scaled(1e-319, 8) },
    hard("smallest subnormals", 4, (i, j) => ((i + j) % 3 === 0 ? Number.MIN_VALUE : 0)),
    { name: "just above subnormal", matrix: scaled(1e-306, 8) },
    { name: "near overflow", matrix: scaled(1e307, 6) },
    hard(
      "largest number",
      3,
      (i, j) => (i === j ? Number.MAX_VALUE : 0),
      new Array(3).fill(Number.MAX_VALUE),
    ),
    hard("largest beside smallest", 5, (i, j) => (i === j ? [1e308, 1, 0, 5e-324, -1e-308][i]! : 0)),
    { name: "squares underflow", matrix: scaled(1e-170, 10) },
    { name: "squares overflow", matrix: scaled(1e170, 10) },
  ];
}

function deficient(): HardMatrix[] {
  const random = seededRandom(2);
  return [
    { name: "rank-deficient", matrix: gram(20, 3, random) },
    { name: "rank 1", matrix: gram(33, 1, random) },
    { name: "rank-deficient, dead features", matrix: withZeroRows(gram(18, 5, random), [0, 3, 4, 17]) },
    {
      name: "block diagonal",
      matrix: blockDiagonal([gram(5, 5, random), gram(1, 1, random), gram(7, 2, random)]),
    },
  ];
}

/** Large enough to be taken apart and put together again, several times, by a method that divides and conquers. */
function divided(): HardMatrix[] {
  const random = seededRandom(3);
  const wilkinson = (i: number) => Math.abs(10 - (i % 21));
  const scaled = (factor: number, order: number) => {
    const { upper } = randomSymmetric(order, random);
    return { order, upper: upper.map((value) => value * factor) };
  };
  return [
    hard("zero, order 50", 50, () => 0, new Array(50).fill(0)),
    hard("identity, order 50", 50, (i, j) => (i === j ? 1 : 0), new Array(50).fill(1)),
    hard("ones, order 101", 101, () => 1, [...new Array(100).fill(0), 101]),
    { name: "glued Wilkinson, order 210", matrix: glued(10, wilkinson, 1e-8) },
    { name: "glued Wilkinson, weak glue, order 105", matrix: glued(5, wilkinson, 1e-15) },
    { name: "glued Wilkinson, strong glue, order 105", matrix: glued(5, wilkinson, 1e-3) },
    { name: "equal diagonal", matrix: tridiagonal(130, () => 3, 1e-3) },
    { name: "equal diagonal, negligible beside", matrix: tridiagonal(60, () => 1, 1e-17) },
    { name: "zero diagonal", matrix: tridiagonal(97, () => 0, 1) },
    {
      name: "torn where it falls apart",
      matrix: blockDiagonal([scaled(1, 32), scaled(1, 32), scaled(1, 9)]),
    },
    { name: "one half far larger", matrix: blockDiagonal([scaled(1e-200, 30), scaled(1, 40)]) },
    { name: "geometric spectrum, order 90", matrix: withSpectrum(geometric(90, 1e-20)) },
    { name: "cluster around 1, order 70", matrix: withSpectrum(geometric(70, 1e-16).map((x) => 1 + x)) },
    { name: "two values", matrix: withSpectrum(Array.from({ length: 80 }, (_, i) => (i < 33 ? 1 : 4))) },
    hard("graded, large first, order 60", 60, (i, j) => 10 ** -((i + j) / 5)),
    hard("graded, large last, order 60", 60, (i, j) => 10 ** -((118 - i - j) / 5)),
    hard("Hilbert, order 70", 70, (i, j) => 1 / (i + j + 1)),
    { name: "subnormal, order 40", matrix: scaled(1e-319, 40) },
    { name: "near overflow, order 40", matrix: scaled(1e306, 40) },
    { name: "rank 3, order 75", matrix: gram(75, 3, random) },
    { name: "random, order 258", matrix: randomSymmetric(258, random) },
  ];
}

function hard(
  name: string,
  order: number,
  value: (i: number, j: number) => number,
  eigenvalues?: readonly number[],
): HardMatrix {
  const matrix = symmetricMatrix(order, value);
  return eigenvalues ? { name, matrix, eigenvalues: Float64Array.from(eigenvalues) } : { name, matrix };
}

function tridiagonal(order: number, diagonal: (i: number) => number, beside: number): SymmetricMatrix {
  return symmetricMatrix(order, (i, j) => (i === j ? diagonal(i) : j === i + 1 ? beside : 0));
}

/** Copies of Wilkinson's matrix, coupled weakly: every eigenvalue becomes a tight cluster. */
function glued(copies: number, diagonal: (i: number) => number, glue: number): SymmetricMatrix {
  return symmetricMatrix(21 * copies, (i, j) => {
    if (i === j) return diagonal(i);
    return j === i + 1 ? (j % 21 === 0 ? glue : 1) : 0;
  });
}

/** X·Xᵀ for a random X, order × rank. */
function gram(order: number, rank: number, random: Random): SymmetricMatrix {
  const x = Float64Array.from({ length: order * rank }, () => random.normal());
  return symmetricMatrix(order, (i, j) => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += x[i * rank + k]! * x[j * rank + k]!;
    return sum;
  });
}

function geometric(order: number, last: number): number[] {
  return Array.from({ length: order }, (_, k) => last ** (k / (order - 1)));
}

function withZeroRows(a: SymmetricMatrix, zero: readonly number[]): SymmetricMatrix {
  const dense = unpackUpper(a);
  return symmetricMatrix(a.order, (i, j) =>
    zero.includes(i) || zero.includes(j) ? 0 : dense[i * a.order + j]!,
  );
}

function blockDiagonal(parts: readonly SymmetricMatrix[]): SymmetricMatrix {
  const placed = parts.flatMap((part) =>
    Array.from({ length: part.order }, (_, at) => ({ part, at, dense: unpackUpper(part) })),
  );
  return symmetricMatrix(placed.length, (i, j) => {
    const [a, b] = [placed[i]!, placed[j]!];
    return a.part === b.part ? a.dense[a.at * a.part.order + b.at]! : 0;
  });
}
