import process from "node:process";

/** How many times as much as usual a long campaign runs (`DELVE_PROPERTY_FACTOR`, set by `.ci/nightly`); 1 otherwise. */
export const propertyFactor: number = Math.max(1, Number(process.env["DELVE_PROPERTY_FACTOR"] ?? 1) || 1);

/** Runs of a property: `usual` ones, more in a long campaign. */
export const propertyRuns = (usual: number): number => Math.round(usual * propertyFactor);
