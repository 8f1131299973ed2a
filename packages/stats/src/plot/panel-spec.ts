import { visibleText } from "./text.js";

/** What the panel of a layer says besides its drawing. */
export interface LayerPanel {
  /** The layer's name; drawn whole, whatever it holds. */
  readonly layer: string;
  /** Samples that the drawing rests on; their range is named in the subtitle. */
  readonly samples?: number | undefined;
  /** Limited by too few samples; the panel says so. */
  readonly undersampled?: boolean | undefined;
}

/** The same with every default filled in and every text drawable. */
export interface ResolvedPanel {
  readonly layer: string;
  readonly samples: number | undefined;
  readonly undersampled: boolean;
}

/** Fills in what a panel leaves out. */
export function resolvePanel({ layer, samples, undersampled = false }: LayerPanel): ResolvedPanel {
  return { layer: visibleText(layer), samples, undersampled };
}

/** How many samples the panels rest on, where that is known. */
export function samplesOf(panels: readonly LayerPanel[]): number[] {
  return panels.flatMap(({ samples }) => samples ?? []);
}
