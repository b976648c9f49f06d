/** Who may only look at the flows gets no one to log in anywhere with the box's stored password. */
import assert from "node:assert/strict";
import { type NodeRedServer, startNodeRed } from "../support/node-red-server";
import { onEachNodeRed } from "../support/versions";

/** Each takes the address to log in at from the question, and the password from what is stored. */
const WITH_LOGIN = [
  "check",
  "dial-monitor-on",
  "create-book",
  "books",
  "numbers",
  "app-user",
  "app-user-state",
  "app-user-stop",
];

describe("admin rights", () => {
  onEachNodeRed((version) => {
    let server: NodeRedServer;
    before(async () => {
      const adminAuth = { type: "credentials", users: [], default: { permissions: "read" } };
      server = await startNodeRed({ version, settings: { adminAuth } });
    });
    after(() => server.stop());

    const ask = async (route: string) => {
      const headers = { "Content-Type": "application/json" };
      return (await fetch(`${server.url}/fritz-calls/${route}`, { method: "POST", headers, body: "{}" })).status;
    };

    for (const route of WITH_LOGIN) {
      it(`${route} needs the right to write`, async () => assert.equal(await ask(route), 401));
    }

    it("what names no address and uses no login may be read", async () => assert.equal(await ask("sources"), 200));
  });
});
