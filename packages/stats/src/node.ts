export { nodeFileStorage } from "./storage/node-file-storage.js";
