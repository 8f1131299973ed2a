import { nodeProject } from "../../lib/process.mjs";

/** The first Node that the packages' manifests allow. */
export default nodeProject();
