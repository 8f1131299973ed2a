import { backendConformance } from "@delve/conformance";
import { referenceBackend } from "./reference.js";

backendConformance("reference", referenceBackend);
