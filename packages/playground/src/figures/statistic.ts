import type { ValueScale } from "@delve/stats/plot";
import { percent } from "../state/findings.js";
import type { StatisticName } from "../state/settings.js";

/** How one statistic is drawn and said. */
export interface ShownStatistic {
  /** With a capital, as a title begins. */
  readonly title: string;
  readonly scale: ValueScale;
  /** Name of the value axis at a threshold. */
  readonly label: (threshold: number) => string;
  readonly say: (value: number) => string;
}

const STATISTICS: Readonly<Record<StatisticName, ShownStatistic>> = {
  saturation: {
    title: "Saturation",
    scale: "share",
    label: (threshold) => `saturation at ${percent(threshold)} of the variance`,
    say: (value) => percent(value, 2),
  },
  dimensions: {
    title: "Dimensions",
    scale: "count",
    label: (threshold) => `axes that carry ${percent(threshold)} of the variance`,
    say: String,
  },
};

/** How the statistic of that name is drawn and said. */
export const shownStatistic = (name: StatisticName): ShownStatistic => STATISTICS[name];
