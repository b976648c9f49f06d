// The demo's IP telephones: those of the household, which ring, and the one of fritz-hangup.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../ensure.mjs";

/** Starts the registrar and the household's telephones. */
export async function startPhones(box) {
  const require = createRequire(import.meta.url);
  const { Telephone } = require(join(root, "dist", "simulator"));
  const { DEMO_PHONE, DEMO_PHONES } = require(join(root, "dist", "simulator", "demo-books.js"));
  box.tr064.state.sipClients.push(DEMO_PHONE, ...DEMO_PHONES);
  await box.sip.listen();
  const states = {};
  let changed = () => undefined;
  const phones = DEMO_PHONES.map(({ username, password }) => {
    const onState = (state) => {
      states[username] = state;
      changed();
    };
    return new Telephone({ username, password, registrarPort: box.sip.port, onState });
  });
  await Promise.all(phones.map((phone) => phone.start()));
  return {
    phones,
    /** Reports the states of the telephones to the demo's flow: now, and at each change. */
    report(port) {
      const body = () => JSON.stringify(states);
      const headers = { "content-type": "application/json" };
      changed = () =>
        void fetch(`http://127.0.0.1:${port}/calls/phones`, { method: "POST", headers, body: body() }).catch(() => {});
      changed();
    },
    async stop() {
      changed = () => undefined;
      await Promise.all(phones.map((phone) => phone.stop()));
      await box.sip.stop();
    },
  };
}
