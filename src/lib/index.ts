/** All of the library for programs without Node-RED: `./core` and `./box` together. */
export * from "./pure";
export * from "./live";
