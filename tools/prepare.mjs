// The dependencies of all installations, side by side, and the build: what a test run begins with, for those who have something
// else to do meanwhile. What fails here is tried and reported again by the run.
import { buildIfNeeded, install, installBeside, nodeRed5, root } from "./ensure.mjs";

const five = nodeRed5 && installBeside(nodeRed5.folder);
if (install(root)) buildIfNeeded();
await five;
