import type { SaveRecord } from "../../src/records.js";
import { saveOf, scalar, stat } from "./saves.js";

const LAYERS = 12;

/** A save whose every number follows from its epoch. */
export const predictableSave = (epoch: number): SaveRecord =>
  saveOf(
    epoch,
    scalar("loss", 1 / (epoch + 3)),
    ...Array.from({ length: LAYERS }, (_, index) =>
      stat({ layer: `layer-${index}`, index, value: (epoch + index / LAYERS) / 7 }),
    ),
  );
