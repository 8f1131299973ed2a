// A module of its own, so that a bundler takes these two out of the library and leaves the rest, which it cannot do
// with what is imported while running.
export { Zip, ZipDeflate } from "fflate";
