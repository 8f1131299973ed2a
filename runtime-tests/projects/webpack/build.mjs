import webpack from "webpack";

const compiler = webpack({ mode: "production", entry: "./page.js", output: { filename: "page.js" } });
compiler.run((error, stats) => {
  if (error) throw error;
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
});
