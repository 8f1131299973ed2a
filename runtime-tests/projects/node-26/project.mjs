import { nodeProject } from "../../lib/process.mjs";

export default nodeProject();
