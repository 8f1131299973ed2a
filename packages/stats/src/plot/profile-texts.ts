import type { Phase } from "../records.js";
import { inOneLine, percentOf } from "./format.js";
import type { LayerProfile } from "./profile-spec.js";
import type { ValueScale } from "./value-axis.js";

/** What a figure of one statistic is about. */
export interface ProfileSubject {
  /** Name of the run; may be empty. */
  readonly run: string;
  /** Short key of the statistic. */
  readonly stat: string;
  readonly label: string;
  /** Whether it is a count. */
  readonly integer: boolean;
  readonly phases: readonly Phase[];
  /** Left out where it is about a whole run. */
  readonly epoch?: number | undefined;
  /** Share of the variance that counts (`satThreshold`), where it is known. */
  readonly threshold?: number | undefined;
  /** A user's scalar that the subtitle shows. */
  readonly metric?: { readonly name: string; readonly value: number } | undefined;
}

/** Title, subtitle and value axis of a figure. */
export function profileTexts(
  subject: ProfileSubject,
): Required<Pick<LayerProfile, "title" | "subtitle" | "valueLabel" | "valueScale">> {
  const { run, stat, label, integer, phases, epoch, threshold, metric } = subject;
  const name = label.replaceAll("-", " ");
  return {
    title: inOneLine(run, name, phases.join(", "), epoch === undefined ? "" : `epoch ${epoch}`),
    subtitle: inOneLine(
      threshold === undefined ? "" : explanation(stat, threshold),
      metric === undefined ? "" : `${metric.name} = ${Number(metric.value.toPrecision(4))}`,
    ),
    valueLabel: name,
    valueScale: SCALES.get(stat) ?? (integer ? "count" : "auto"),
  };
}

const SCALES: ReadonlyMap<string, ValueScale> = new Map([
  ["lsat", "share"],
  ["idim", "count"],
]);

function explanation(stat: string, threshold: number): string {
  const variance = `${percentOf(threshold)} of the variance`;
  if (stat === "lsat") return `share of feature directions that carry ${variance}`;
  return stat === "idim" ? `feature directions that carry ${variance}` : "";
}
