import type { TrackerSettings } from "../options.js";

/** Matrices that no writer will keep are most likely an oversight; a writer of the user's own may want them. */
export function warnOfMatrices({ statistics, saveTo, logger }: TrackerSettings): void {
  if (saveTo.length === 0 || saveTo.some((item) => typeof item !== "string" || item === "npy")) return;
  const histograms = saveTo.some((item) => item === "tensorboard" || item === "tb");
  for (const { key, matrix } of statistics) {
    if (!matrix || (matrix === "row" && histograms)) continue;
    logger("warn", `stats: "${key}" is a matrix, which only the writer "npy" keeps; saveTo has it not`, {
      stat: key,
    });
  }
}
