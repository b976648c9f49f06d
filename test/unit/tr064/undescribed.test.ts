/** A box that has services, but does not offer their descriptions. */
import assert from "node:assert/strict";
import { FritzError } from "../../../src/lib/core/errors";
import { badStatus } from "../../../src/lib/tr064/read-reply";
import { BoxService, type Tr064 } from "../../../src/lib/tr064/service";
import { BoxServices } from "../../../src/lib/tr064/services";

const ONTEL = "X_AVM-DE_OnTel:1";
const DESCRIPTION = `<root><device><modelName>FRITZ!Box 7590</modelName><serviceList><service>
<serviceType>urn:dslforum-org:service:${ONTEL}</serviceType><controlURL>/upnp/control/x_contact</controlURL>
<SCPDURL>/x_contactSCPD.xml</SCPDURL></service></serviceList></device></root>`;
const SCPD = "<scpd><actionList><action><name>GetCallList</name></action></actionList></scpd>";

function boxWith(scpd: () => Promise<string>) {
  const services = new BoxServices((path) => (path === "/tr64desc.xml" ? Promise.resolve(DESCRIPTION) : scpd()));
  const called: unknown[] = [];
  const client: Tr064 = {
    actionsOf: (service) => services.actionsOf(service),
    describe: () => services.describe(),
    download: () => Promise.resolve(""),
    call: (_service, action, values) => {
      called.push([action, values]);
      if (action === "Missing") return Promise.reject(new FritzError("box-no-action", { action }));
      return Promise.resolve({ NewPhonebookName: "Telefonbuch" });
    },
  };
  return { called, service: new BoxService(client, ONTEL), other: new BoxService(client, "X_VoIP:1") };
}

describe("a service without a description", () => {
  it("is asked with the arguments that are given, and says itself what it lacks", async () => {
    const { service, other, called } = boxWith(() => Promise.reject(badStatus(404)));
    assert.equal(await service.has("GetPhonebook"), true);
    const answer = await service.call("GetPhonebook", { NewPhonebookID: "0" });
    assert.equal(answer("NewPhonebookName"), "Telefonbuch");
    assert.deepEqual(called, [["GetPhonebook", { NewPhonebookID: "0" }]]);
    assert.equal(await service.callIfThere("Missing"), undefined);
    await assert.rejects(service.call("Missing"), { code: "box-no-action" });
    assert.equal(await other.has("GetNumbers"), false);
    await assert.rejects(other.call("GetNumbers"), { code: "box-no-service" });
  });

  it("counts again as described once the box offers it", async () => {
    const replies = [Promise.reject<string>(badStatus(404)), Promise.resolve(SCPD)];
    const { service } = boxWith(() => replies.shift() ?? Promise.resolve(SCPD));
    assert.equal(await service.has("GetPhonebook"), true);
    assert.equal(await service.has("GetPhonebook"), false);
    assert.equal(await service.has("GetCallList"), true);
    assert.equal(await service.callIfThere("GetPhonebook"), undefined);
  });

  it("is unknown while the box cannot answer", async () => {
    const { service } = boxWith(() => Promise.reject(badStatus(503)));
    await assert.rejects(service.has("GetPhonebook"), { code: "box-reply" });
  });
});
