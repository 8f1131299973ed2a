// The project's root is here, whatever lies above it.
export default { turbopack: { root: import.meta.dirname } };
