/** Worker thread that reads answers. */
import { parentPort } from "node:worker_threads";
import { READY } from "../../core/guarded-worker";
import { loadParsers, type PageJob, readPage } from "./page";

parentPort?.on("message", (job: PageJob) => {
  void readPage(job).then(
    (reading) => parentPort?.postMessage(reading),
    () => parentPort?.postMessage(undefined),
  );
});
void loadParsers().finally(() => parentPort?.postMessage(READY));
