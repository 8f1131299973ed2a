import type { ProblemName } from "../state/settings.js";
import type { Dataset, Samples } from "./dataset.js";
import { type Random, seededRandom } from "./random.js";

/** Problems whose inputs are points of a plane, in [−1, 1]² but for noise. */
export type PlanarName = Exclude<ProblemName, "digits">;

/** Point of a class, before noise. */
type Draw = (random: Random, label: number) => readonly [x: number, y: number];

const TURN = 2 * Math.PI;

const DRAWS: Readonly<Record<PlanarName, Draw>> = {
  circles: ({ uniform }, label) => {
    // Square root: as many points on every part of the area.
    const radius = label === 0 ? 0.42 * Math.sqrt(uniform()) : 0.68 + 0.24 * uniform();
    return polar(radius, TURN * uniform());
  },
  xor: ({ uniform }, label) => {
    const side = () => 0.06 + 0.88 * uniform();
    const [x, y] = [side(), side()];
    const left = uniform() < 0.5;
    return [left ? -x : x, left === (label === 0) ? -y : y];
  },
  gauss: ({ normal }, label) => {
    const center = label === 0 ? -0.42 : 0.42;
    return [center + 0.16 * normal(), center + 0.16 * normal()];
  },
  moons: ({ uniform }, label) => {
    const angle = (TURN / 2) * uniform();
    const [x, y] = polar(0.62, angle);
    return label === 0 ? [x - 0.3, y - 0.18] : [0.3 - x, 0.18 - y];
  },
  spiral: ({ uniform }, label) => {
    const along = uniform();
    return polar(0.08 + 0.88 * along, 1.1 * TURN * along + (label * TURN) / 2);
  },
};

const polar = (radius: number, angle: number): [number, number] => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];

/** Noise of 1 moves a point by this much. */
const NOISE_SCALE = 0.5;
/** Enough that layers of 64 units are not undersampled. */
export const PLANAR_COUNT = 640;

/**
 * A problem in the plane, two classes of as many points each.
 *
 * @param noise - Standard deviation of what is added, in units of half the square.
 * @example
 * const { train, heldOut } = planarDataset("xor", { noise: 0, seed: 1 });
 * train.classes.length; // 640
 * heldOut.inputs.length; // 1280
 */
export function planarDataset(
  name: PlanarName,
  {
    noise,
    seed,
    count = PLANAR_COUNT,
  }: { readonly noise: number; readonly seed: number; readonly count?: number },
): Dataset {
  const random = seededRandom(seed);
  const draw = () => drawSamples(DRAWS[name], random, noise * NOISE_SCALE, count);
  return { shape: [2], classes: 2, train: draw(), heldOut: draw() };
}

function drawSamples(draw: Draw, random: Random, noise: number, count: number): Samples {
  const inputs = new Float32Array(2 * count);
  const classes = Uint8Array.from({ length: count }, (_, i) => i % 2);
  classes.forEach((label, i) => {
    const [x, y] = draw(random, label);
    inputs[2 * i] = x + noise * random.normal();
    inputs[2 * i + 1] = y + noise * random.normal();
  });
  return { inputs, classes };
}
