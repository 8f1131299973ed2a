import { defineConfig } from "vite";
import { offline } from "./offline-plugin.js";

// The packages are read from their sources, as tests read them: a change in one is seen at once.
export default defineConfig({
  // The page may lie in any folder of any site.
  base: "./",
  plugins: [offline()],
  resolve: { conditions: ["@delve/source", "browser", "module", "import", "default"] },
  worker: { format: "es" },
  build: {
    target: "es2022",
    // TensorFlow.js is what it is.
    chunkSizeWarningLimit: 2500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
