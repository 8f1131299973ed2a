/** The entry `@delve/kernel/reference`: the backend in plain TypeScript. */
export { referenceBackend } from "./reference/backend.js";
