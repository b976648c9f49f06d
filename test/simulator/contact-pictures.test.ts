/** Pictures of contacts, fetched from the simulated box. */
import assert from "node:assert/strict";
import { systemClock } from "../../src/lib/core/clock";
import { ContactPictures } from "../../src/lib/telephony/contact-pictures";
import { Tr064Client } from "../../src/lib/tr064/client";
import { SimulatedBox } from "../../simulator";
import { FakeClock } from "../support/fake-clock";
import { until } from "../support/wait";

const PATH = "/var/media/ftp/Stick/FRITZ/fonpix/1700000000-0.jpg";
const JPEG = Buffer.from("ffd8ffe000104a46494600", "hex");
const DATA_URL = `data:image/jpeg;base64,${JPEG.toString("base64")}`;

for (const tls of [false, true]) {
  describe(`pictures of contacts over ${tls ? "TLS" : "HTTP"}`, () => {
    let box: SimulatedBox;
    let client: Tr064Client;
    const clock = new FakeClock();
    const downloads = () => box.tr064.requests.filter(({ path }) => path.startsWith("/download.lua")).length;

    beforeEach(async () => {
      box = new SimulatedBox();
      box.tr064.state.users = [{ name: "nodered", password: "gehe!m-42", rights: { phone: "readonly" } }];
      box.tr064.state.files.set(PATH, JPEG);
      await box.tr064.listen();
      const { port, tlsPort } = box.tr064;
      const login = { username: "nodered", password: "gehe!m-42" };
      client = new Tr064Client({ host: "127.0.0.1", port, tlsPort, tls, webPort: tls ? tlsPort : port, ...login });
    });
    afterEach(async () => {
      client.close();
      await box.tr064.stop();
    });

    it("are data URLs, fetched once, in each form in which a phonebook names them", async () => {
      const pictures = new ContactPictures(client, clock);
      for (const imageUrl of [`/download.lua?path=${PATH}`, `file://${PATH}`, PATH]) {
        assert.equal(await pictures.fetch(imageUrl), DATA_URL);
      }
      assert.equal(downloads(), 1);
      clock.advance(25 * 3_600_000);
      await Promise.all([pictures.fetch(PATH), pictures.fetch(PATH)]);
      assert.equal(downloads(), 2);
    });

    it("come with a new session when the old one has ended, and by the way of the user interface", async () => {
      const pictures = new ContactPictures(client, clock);
      await pictures.fetch(PATH);
      await box.tr064.restart(0);
      box.tr064.state.fileRoute = "user-interface";
      clock.advance(25 * 3_600_000);
      assert.equal(await pictures.fetch(PATH), DATA_URL);
    });

    it("are not looked for outside the box, nor above its folders", async () => {
      const pictures = new ContactPictures(client, clock);
      const foreign = [
        ...["http://192.0.2.1/x.jpg", "//192.0.2.1/x.jpg", "/download.lua?path=https://localhost/x.jpg"],
        ...["/data/../etc/passwd", "file://192.0.2.1/x.jpg", ""],
      ];
      for (const imageUrl of foreign) assert.equal(await pictures.fetch(imageUrl), undefined, imageUrl);
      assert.deepEqual(box.tr064.requests, []);
    });

    it("that are missing, no picture or too large are left out, and not asked for with each call", async () => {
      const { files } = box.tr064.state;
      files.set("/page.jpg", Buffer.from("<html>"));
      files.set("/large.jpg", Buffer.concat([JPEG, Buffer.alloc(128 * 1024)]));
      const pictures = new ContactPictures(client, clock);
      for (const path of ["/gone.jpg", "/page.jpg", "/large.jpg"]) {
        assert.equal(await pictures.fetch(path), undefined);
        const before = box.tr064.requests.length;
        assert.equal(await pictures.fetch(path), undefined);
        assert.equal(box.tr064.requests.length, before);
      }
      files.set("/gone.jpg", JPEG);
      clock.advance(11 * 60_000);
      assert.equal(await pictures.fetch("/gone.jpg"), DATA_URL);
    });

    it("are waited for as long as asked, and are there for the next call", async () => {
      const pictures = new ContactPictures(client, systemClock);
      box.tr064.wire.latencyMs = 100;
      assert.equal(await pictures.picture(PATH, 20), undefined);
      await until("the download", () => downloads() === 1 && box.tr064.openRequests === 0);
      assert.equal(await pictures.picture(PATH, 0), DATA_URL);
    });
  });
}
