/** Recordings of boxes: nothing of the original is left in them, and what belongs together still does. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Recording, scrubRecording } from "../../simulator";
import { StandIns } from "../../simulator/evidence/stand-ins";

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

interface Secrets {
  names: string[];
  numbers: string[];
  serial: string;
  uuid: string;
  sid: string;
  address: string;
  mail: string;
}

/** A recording in which each secret of a household stands at several places. */
function recorded({ names, numbers, serial, uuid, sid, address, mail }: Secrets): Recording {
  const [name = "", other = ""] = names;
  const [caller = "", own = ""] = numbers;
  const url = `http://${address}:49000/phonebook.lua?sid=${sid}&pbid=0`;
  const list = `<List><Item><Number>${own}</Number><Type>eVoIP</Type><Index>0</Index><Name>${escape(name)}</Name></Item></List>`;
  const answer = (action: string, inside: string) => `<u:${action}Response>${inside}</u:${action}Response>`;
  const call = (action: string, inside: string, values = {}) => ({
    ...{ control: "/upnp/control/x_contact", service: "urn:dslforum-org:service:X_AVM-DE_OnTel:1", action },
    ...{ arguments: values, status: 200, body: answer(action, inside) },
  });
  return {
    format: "fritz-recording/1",
    monitor: [
      { afterMs: 0, line: `24.11.26 12:25:42;RING;0;${caller};${own};SIP0;` },
      { afterMs: 9, line: `24.11.26 12:25:43;CALL;1;11;${own};${caller};SIP1;` },
    ],
    documents: {
      "/tr64desc.xml": `<root><!-- ${escape(name.replaceAll("-", "_"))} --><device><friendlyName>${escape(name)}</friendlyName>
        <serialNumber>${serial}</serialNumber><UDN>uuid:${uuid}</UDN><presentationURL>http://${address}</presentationURL></device></root>`,
      [`/phonebook.lua?sid=${sid}&pbid=0`]: `<phonebooks><phonebook owner="1" name="${escape(other)}"><contact>
        <category>0</category><person><realName>${escape(name)}</realName><imageURL>http://${address}/fonpix/${serial}.jpg</imageURL></person>
        <telephony nid="2"><number type="home" prio="1" id="0">${caller}</number><number type="work" vanity="${serial}">${own}</number></telephony>
        <services nid="1"><email classifier="private" id="0">${escape(mail)}</email></services><mod_time>1700000000</mod_time></contact>
        <contact><person><realName><![CDATA[${other.replaceAll("]]>", "")}]]></realName></person></contact></phonebook></phonebooks>`,
    },
    calls: [
      call(
        "GetPhonebook",
        `<NewPhonebookName>${escape(other)}</NewPhonebookName><NewPhonebookURL>${escape(url)}</NewPhonebookURL>`,
        {
          NewPhonebookID: "0",
        },
      ),
      call("X_AVM-DE_GetNumbers", `<NewNumberList>${escape(list)}</NewNumberList>`),
      call(
        "GetInfo",
        `<NewSerialNumber>${serial}</NewSerialNumber><NewX_AVM-DE_Something>${escape(name)}</NewX_AVM-DE_Something>`,
      ),
    ],
  };
}

// Digits that differ: "0000000" could come about anywhere.
const digits = (least: number, most: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most })
    .filter((list) => new Set(list.slice(-6)).size >= 4)
    .map((list) => list.join(""));
/** The words of the format itself: a name that is a part of one would be found there. */
const FORMAT = JSON.stringify(
  recorded({ names: ["", ""], numbers: ["", ""], serial: "", uuid: "", sid: "", address: "", mail: "" }),
);
const name = fc
  .string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzäöüßÄ ÉŁ😀<>&\"'-.,"), minLength: 5, maxLength: 25 })
  .filter(
    (text) =>
      text.trim() === text &&
      !FORMAT.includes(text) &&
      !"Text ".includes(text) &&
      !/^[-.,<>&"' ]*$/.test(text) &&
      /[a-zäöü]{4}/.test(text),
  );
const varied = (text: string) => new Set(text).size >= 6;
const anySecrets = fc.record<Secrets>({
  names: fc.tuple(name, name),
  numbers: fc.tuple(
    fc
      .tuple(fc.constantFrom("0", "00", "+49", "0049", "+43", "0800", "0171"), digits(7, 10))
      .map((parts) => parts.join("")),
    digits(6, 9),
  ),
  serial: fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF"), minLength: 12, maxLength: 12 }).filter(varied),
  uuid: fc.uuid().filter(varied),
  sid: fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 16, maxLength: 16 }).filter(varied),
  address: fc.ipV4().filter((ip) => !ip.startsWith("192.0.2.")),
  mail: fc.emailAddress().filter((text) => text.length > 9),
});

describe("evidence from real boxes", () => {
  it("holds nothing of the original", () => {
    fc.assert(
      fc.property(anySecrets, (secrets) => {
        const text = JSON.stringify(scrubRecording(recorded(secrets)));
        const { names, numbers, serial, uuid, sid, address, mail } = secrets;
        for (const secret of [...names, ...names.map(escape), ...numbers, serial, uuid, sid, address, mail]) {
          assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)), `${secret} in ${text}`);
        }
        for (const number of numbers)
          assert.ok(!text.includes(number.slice(-7)) || number.length < 7, `${number} in ${text}`);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps what belongs together together, and the form", () => {
    fc.assert(
      fc.property(anySecrets, (secrets) => {
        const scrubbed = scrubRecording(recorded(secrets));
        const [ring = "", dial = ""] = scrubbed.monitor.map(({ line }) => line);
        const [, , , caller = "", own = ""] = ring.split(";");
        assert.deepEqual(dial.split(";").slice(4, 6), [own, caller]);
        assert.equal(caller.length, secrets.numbers[0]?.length);
        const [description = "", book = ""] = Object.values(scrubbed.documents);
        assert.ok(book.includes(`>${caller}<`) && book.includes(`>${own}<`));
        assert.ok(scrubbed.calls[1]?.body.includes(`&lt;Number&gt;${own}&lt;/Number&gt;`));
        const friendly = /<friendlyName>([^<]*)/.exec(description)?.[1];
        assert.ok(book.includes(`<realName>${friendly}</realName>`));
        // The address of the phonebook is the path of a document.
        const url = /<NewPhonebookURL>http:\/\/[^/]*([^<]*)/
          .exec(scrubbed.calls[0]?.body ?? "")?.[1]
          ?.replaceAll("&amp;", "&");
        assert.ok((url ?? "") in scrubbed.documents, url);
      }),
      { numRuns: 100 },
    );
  });

  it("numbers with the same end have stand-ins with the same end", () => {
    const standIns = new StandIns();
    const [national, international, local] = ["03023125001", "+493023125001", "23125001"].map((number) =>
      standIns.number(number),
    );
    assert.equal(international?.slice(3), national?.slice(1));
    assert.ok(national?.endsWith(local ?? "-"), `${national} ${local}`);
    assert.equal(new StandIns().number("110"), "110");
    assert.notEqual(new StandIns().number("03023125001"), national, "another recording has other stand-ins");
  });
});
