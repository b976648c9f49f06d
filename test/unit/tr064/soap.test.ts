import assert from "node:assert/strict";
import { parseActions, parseDescription } from "../../../src/lib/tr064/description";
import { explainFault } from "../../../src/lib/tr064/failures";
import { parseSoapReply, soapEnvelope } from "../../../src/lib/tr064/soap";
import { child, childText, escapeXml, isCompleteXml, parseXml, XmlError } from "../../../src/lib/core/xml";

describe("parseXml", () => {
  it("gives names without prefix, attributes, children in order, and text with its entities resolved", () => {
    const root = parseXml(
      '\ufeff<?xml version="1.0"?><a:r x="1&amp;2"><b/>t&lt;&#228;&#x1F600;<![CDATA[<raw&amp;>]]><b n="2">in</b></a:r>'.slice(
        1,
      ),
    );
    assert.equal(root.name, "r");
    assert.equal(root.attributes["x"], "1&2");
    assert.equal(root.text, "t<ä😀<raw&amp;>");
    assert.deepEqual(
      root.children.map(({ name, text }) => [name, text]),
      [
        ["b", ""],
        ["b", "in"],
      ],
    );
    assert.equal(childText(root, "none"), "");
    assert.equal(child(undefined, "b"), undefined);
  });

  for (const [what, text] of [
    ["a document type", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ["an entity bomb", `<!DOCTYPE a [<!ENTITY a "${"x".repeat(1000)}">]><a>${"&a;".repeat(1000)}</a>`],
    ["a cut document", "<a><b>text"],
    ["two roots", "<a/><b/>"],
    ["nothing", ""],
    ["text only", "401 Unauthorized"],
    ["html", "<html><body>ERR_NONE<br>Webserver</body></html>"],
    ["too deep", `${"<a>".repeat(100)}${"</a>".repeat(100)}`],
    ["a name that would poison objects", "<a><__proto__>x</__proto__></a>"],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => parseXml(text), XmlError));
  }

  it("knows a whole document from a cut one", () => {
    assert.equal(isCompleteXml("<?xml version='1.0'?><a><b/></a>\n"), true);
    assert.equal(isCompleteXml("<?xml version='1.0'?><a><b/>"), false);
  });

  it("escapes what XML needs escaped and drops what it cannot hold", () => {
    const text = `Meier & Söhne <"'> 😀`;
    assert.equal(parseXml(`<a>${escapeXml(text)}</a>`).text, text);
    assert.equal(escapeXml("a\u0000\u0008b\ufffec\ud800"), "abc");
  });
});

describe("SOAP", () => {
  const TYPE = "urn:dslforum-org:service:X_AVM-DE_OnTel:1";

  it("escapes XML as a value once more, so that it arrives as text", () => {
    const contact = "<contact><realName>Meier &amp; Sohn</realName></contact>";
    const envelope = soapEnvelope(TYPE, "SetPhonebookEntryUID", {
      NewPhonebookID: "0",
      NewPhonebookEntryData: contact,
    });
    assert.match(envelope, /Meier &amp;amp; Sohn/);
    const action = parseXml(envelope).children[0]?.children[0];
    assert.equal(action?.name, "SetPhonebookEntryUID");
    assert.equal(childText(action, "NewPhonebookEntryData"), contact);
    assert.doesNotMatch(envelope, /Header/);
    assert.match(
      soapEnvelope(TYPE, "X", {}, "a&b"),
      /<avm:token xmlns:avm="avm.de" s:mustUnderstand="1">a&amp;b<\/avm:token>/,
    );
  });

  const reply = (inside: string) =>
    `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inside}</s:Body></s:Envelope>`;

  it("reads the values of a response, XML inside as text", () => {
    const text = reply(
      `<u:GetXResponse xmlns:u="${TYPE}"><NewA>1</NewA><NewList>&lt;List&gt;&lt;/List&gt;</NewList><NewE/></u:GetXResponse>`,
    );
    assert.deepEqual(parseSoapReply(text, "GetX"), {
      ok: true,
      values: { NewA: "1", NewList: "<List></List>", NewE: "" },
    });
  });

  it("reads a box's fault, and takes anything else for an unknown one", () => {
    const fault =
      "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>" +
      '<UPnPError xmlns="urn:dslforum-org:control-1-0"><errorCode>713</errorCode><errorDescription>Invalid index</errorDescription></UPnPError>' +
      "</detail></s:Fault>";
    assert.deepEqual(parseSoapReply(reply(fault), "GetX"), { ok: false, code: 713, description: "Invalid index" });
    assert.deepEqual(parseSoapReply(reply("<u:OtherResponse/>"), "GetX"), { ok: false, code: 0, description: "" });
    assert.deepEqual(parseSoapReply("<html></html>", "GetX"), { ok: false, code: 0, description: "" });
  });

  it("knows which faults may pass by themselves", () => {
    for (const [code, name, retry] of [
      [401, "box-no-action", false],
      [503, "box-busy", true],
      [606, "box-right", false],
      [713, "box-no-entry", false],
      [820, "box-internal", false],
      [866, "box-second-factor", false],
      [867, "box-second-factor-blocked", true],
      [868, "box-second-factor-busy", true],
      [4711, "box-action-failed", false],
    ] as const) {
      const error = explainFault(code, "SetX");
      assert.deepEqual([error.code, error.retry, error.values["upnpCode"]], [name, retry, code]);
    }
  });
});

describe("what a box tells of itself", () => {
  it("model, FRITZ!OS and the services of all nested devices", () => {
    const service = (name: string) =>
      `<service><serviceType>urn:dslforum-org:service:${name}:1</serviceType><controlURL>/upnp/control/${name}</controlURL><SCPDURL>/${name}SCPD.xml</SCPDURL></service>`;
    const description = parseDescription(
      `<?xml version="1.0"?><root xmlns="urn:dslforum-org:device-1-0"><systemVersion><HW>226</HW><Major>154</Major><Minor>7</Minor><Patch>1</Patch></systemVersion>` +
        `<device><modelName>FRITZ!Box 7590</modelName><UDN>uuid:75802411-bccb-40e7-8e6c-AABBCCDDEEFF</UDN><serviceList>${service("DeviceInfo")}</serviceList>` +
        `<deviceList><device><serviceList>${service("X_VoIP")}</serviceList></device></deviceList></device></root>`,
    );
    assert.deepEqual(
      [description.model, description.fritzOs, description.udn.slice(-12)],
      ["FRITZ!Box 7590", "7.01", "AABBCCDDEEFF"],
    );
    assert.deepEqual(
      description.services.map(({ type }) => type.split(":").at(-2)),
      ["DeviceInfo", "X_VoIP"],
    );
    assert.equal(parseDescription("<root><device/></root>").fritzOs, undefined);
  });

  for (const [given, path] of [
    ["/upnp/control/x", "/upnp/control/x"],
    ["upnp/control/x", "/upnp/control/x"],
    ["http://192.0.2.1:49000/upnp/control/x?a=1", "/upnp/control/x?a=1"],
    [" /upnp/control/x\n", "/upnp/control/x"],
    ["http://[", "/"],
    ["", "/"],
  ] as const) {
    it(`an address ${JSON.stringify(given)} as the path ${path} on this box`, () => {
      const { services } = parseDescription(
        `<root><service><controlURL>${given}</controlURL><SCPDURL>${given}</SCPDURL></service></root>`,
      );
      assert.deepEqual([services[0]?.controlUrl, services[0]?.scpdUrl], [path, path]);
    });
  }

  it("the actions of a service with their arguments", () => {
    const argument = (name: string, direction: string) =>
      `<argument><name>${name}</name><direction>${direction}</direction><relatedStateVariable>x</relatedStateVariable></argument>`;
    const actions = parseActions(
      `<scpd><actionList><action><name>GetPhonebook</name><argumentList>${argument("NewPhonebookID", "in")}${argument("NewPhonebookURL", "out")}</argumentList></action>` +
        `<action><name>GetPhonebookList</name></action></actionList></scpd>`,
    );
    assert.deepEqual(actions.get("GetPhonebook"), { in: ["NewPhonebookID"], out: ["NewPhonebookURL"] });
    assert.deepEqual(actions.get("GetPhonebookList"), { in: [], out: [] });
  });
});
