// What importing a Wasm file gives where the platform compiles it on deployment.
declare module "*.wasm" {
  const module: import("./web-assembly.js").WebAssemblyModule;
  export default module;
}

declare module "*.wasm?module" {
  const module: import("./web-assembly.js").WebAssemblyModule;
  export default module;
}
