import type { TrackerSettings } from "../options.js";

/** The figures of the plot writer that show a matrix. */
const FIGURES: Readonly<Record<string, string>> = { spectrum: "spectrum", embed: "scatter" };

/** Matrices that no writer will keep are most likely an oversight; a writer of the user's own may want them. */
export function warnOfMatrices({ statistics, saveTo, writerArgs, logger }: TrackerSettings): void {
  if (saveTo.length === 0 || saveTo.some((item) => typeof item !== "string" || item === "npy")) return;
  const histograms = saveTo.some((item) => item === "tensorboard" || item === "tb");
  const plots = saveTo.some((item) => typeof item === "string" && item.includes("plot"));
  const figures = plots && Array.isArray(writerArgs["figures"]) ? writerArgs["figures"] : [];
  for (const { key, matrix } of statistics) {
    if (!matrix || (matrix === "row" && histograms) || figures.includes(FIGURES[key])) continue;
    logger("warn", `stats: "${key}" is a matrix, which only the writer "npy" keeps; saveTo has it not`, {
      stat: key,
    });
  }
}
