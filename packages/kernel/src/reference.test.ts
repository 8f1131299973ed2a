import { backendConformance, goldenConformance } from "@delve/conformance";
import { referenceBackend } from "./reference.js";

backendConformance("reference", referenceBackend);
goldenConformance("reference", referenceBackend);
