/**
 * What every test imports first: properties draw the same cases in each run of the tests, so that a change fails by what
 * it changes, and draw new ones in a long campaign (`.ci/nightly`), which looks for what no one has thought of.
 * `DELVE_PROPERTY_SEED` draws those of a seed that a failure has printed.
 */
import process from "node:process";
import fc from "fast-check";
import { propertyFactor } from "./property-runs.js";

const asked = process.env["DELVE_PROPERTY_SEED"];
if (asked !== undefined) fc.configureGlobal({ seed: Number(asked) });
else if (propertyFactor === 1) fc.configureGlobal({ seed: 1 });
