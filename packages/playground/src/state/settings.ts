/** What the network is to tell apart. */
export const PROBLEMS = ["circles", "xor", "gauss", "moons", "spiral", "digits"] as const;
export type ProblemName = (typeof PROBLEMS)[number];

export const NETWORKS = ["dense", "conv"] as const;
export type NetworkKind = (typeof NETWORKS)[number];

export const ACTIVATIONS = ["relu", "tanh", "sigmoid", "linear"] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** What the profile and the history show of a layer: a share of its features, or their count. */
export const STATISTICS = ["saturation", "dimensions"] as const;
export type StatisticName = (typeof STATISTICS)[number];

/** Units of a dense layer, or filters of a convolution. */
export const WIDTHS: readonly number[] = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
export const DEPTHS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];
/** The largest are too large for most networks, which is worth seeing. */
export const RATES: readonly number[] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
export const NOISES: readonly number[] = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5];
/** Pixels along each side of a digit; 8 is what was scanned, the others are enlarged. */
export const RESOLUTIONS: readonly number[] = [8, 12, 16, 24];
/** Shares of the variance, finer where the spectrum's tail is long. */
export const THRESHOLDS: readonly number[] = [
  ...steps(50, 90, 2, 100),
  ...steps(91, 99, 1, 100),
  ...steps(992, 999, 1, 1000),
  0.9995,
  0.9999,
];

/** Everything that can be chosen; the address of the page holds the same. */
export interface Settings {
  readonly problem: ProblemName;
  readonly network: NetworkKind;
  readonly width: number;
  readonly depth: number;
  readonly activation: Activation;
  /** Learning rate. */
  readonly rate: number;
  /** Standard deviation of what is added to the data, in units of their spread. */
  readonly noise: number;
  readonly resolution: number;
  /** Of data and weights. */
  readonly seed: number;
  readonly threshold: number;
  readonly statistic: StatisticName;
  /** Place of the layer that is looked at closely, from 0. */
  readonly layer: number;
  /** Principal axes that this layer is projected on. */
  readonly axes: number;
}

/** How one setting is read from text; `undefined` for what it cannot be. */
interface Field<T> {
  readonly fallback: T;
  readonly parse: (text: string) => T | undefined;
}

const FIELDS: { readonly [K in keyof Settings]: Field<Settings[K]> } = {
  problem: choice(PROBLEMS, "spiral"),
  network: choice(NETWORKS, "dense"),
  width: oneOf(WIDTHS, 16),
  depth: oneOf(DEPTHS, 4),
  activation: choice(ACTIVATIONS, "relu"),
  rate: oneOf(RATES, 0.01),
  noise: oneOf(NOISES, 0.1),
  resolution: oneOf(RESOLUTIONS, 8),
  seed: whole(1, 1, 9999),
  threshold: oneOf(THRESHOLDS, 0.99),
  statistic: choice(STATISTICS, "saturation"),
  layer: whole(2, 0, DEPTHS.length),
  axes: whole(2, 1, 64),
};

const KEYS = Object.keys(FIELDS) as (keyof Settings)[];

export const DEFAULTS: Settings = Object.fromEntries(
  KEYS.map((key) => [key, FIELDS[key].fallback]),
) as unknown as Settings;

/**
 * Settings as an address holds them; what is missing there, or cannot be, is as by default.
 *
 * @param query - What follows the `#` or `?` of an address, without it.
 * @example
 * settingsOf("problem=xor&width=1000").problem; // "xor"
 * settingsOf("problem=xor&width=1000").width; // 16
 */
export function settingsOf(query: string): Settings {
  const given = new URLSearchParams(query);
  const read = (key: keyof Settings) => {
    const text = given.get(key);
    return (text === null ? undefined : FIELDS[key].parse(text)) ?? FIELDS[key].fallback;
  };
  return coherent(Object.fromEntries(KEYS.map((key) => [key, read(key)])) as unknown as Settings);
}

/**
 * The inverse of {@link settingsOf}; defaults are left out.
 *
 * @example
 * queryOf({ ...DEFAULTS, problem: "xor", depth: 2 }); // "problem=xor&depth=2"
 */
export function queryOf(settings: Settings): string {
  const told = KEYS.filter((key) => settings[key] !== FIELDS[key].fallback);
  return new URLSearchParams(told.map((key) => [key, String(settings[key])])).toString();
}

/** More filters would make a page wait for minutes. */
export const WIDEST_CONV = 32;

/** The same where all parts go together: points have no places to slide a filter over. */
export function coherent(settings: Settings): Settings {
  const network = settings.problem === "digits" ? settings.network : "dense";
  const width = network === "conv" ? Math.min(settings.width, WIDEST_CONV) : settings.width;
  const layer = Math.min(settings.layer, settings.depth);
  return { ...settings, network, width, layer };
}

/** What a run of training depends on; a change of any of it starts a new one. */
export function runKeyOf({
  problem,
  network,
  width,
  depth,
  activation,
  noise,
  resolution,
  seed,
}: Settings): string {
  const size = problem === "digits" ? resolution : 0;
  return JSON.stringify([problem, network, width, depth, activation, noise, size, seed]);
}

function choice<T extends string>(values: readonly T[], fallback: T): Field<T> {
  return { fallback, parse: (text) => values.find((value) => value === text) };
}

function oneOf(values: readonly number[], fallback: number): Field<number> {
  return { fallback, parse: (text) => values.find((value) => String(value) === text) };
}

function whole(fallback: number, least: number, most: number): Field<number> {
  return {
    fallback,
    parse: (text) => (/^\d{1,4}$/.test(text) && +text >= least && +text <= most ? +text : undefined),
  };
}

function steps(first: number, last: number, step: number, over: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, i) => (first + i * step) / over);
}
