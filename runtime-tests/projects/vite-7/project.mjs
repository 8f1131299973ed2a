import { viteProject } from "../../lib/vite.mjs";

export default viteProject();
