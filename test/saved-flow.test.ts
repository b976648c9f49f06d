/** What users of version 0.2.0 have: saved properties and their defaults, and what their programs import. */
import assert from "node:assert/strict";
import * as library from "../src/lib/index";
import type * as Library from "../src/lib/index";
import * as simulator from "../simulator/index";
import { readNodeHtmls } from "./support/node-html";
import { SAVED_FLOW } from "./support/saved-flow";

/** Types have no names at run time: the compiler checks that they are there. */
export type TypesOf020 = [
  ...[Library.CallEvent, Library.CallEventName, Library.Direction, Library.Outcome, Library.Party],
  ...[Library.LineFailure, Library.LineFault, Library.MonitorLine, Library.MonitorProblem, Library.MonitorProblemCode],
  ...[Library.ParsedLine, Library.CallMonitorListener, Library.CallMonitorOptions, Library.SoapValues],
  ...[Library.Tr064Options, Library.FritzErrorCode, Library.LinkState, Library.BlockContext, Library.BlockRules],
  ...[Library.BookHit, Library.CountryList, Library.Decision, Library.Call, Library.CallKind, Library.BookInfo],
  ...[Library.Contact, Library.ContactNumber, Library.FoundContact, Library.WriteReport, Library.Found],
  ...[Library.WriteOptions, Library.PhonebooksOptions, Library.TelephonyOptions, Library.DialPlan],
  ...[Library.NormalizedNumber, Library.AreaCodeCount, Library.CallerInfo, Library.Flag, Library.NumberType],
  ...[Library.SourceReport, Library.Descriptor, Library.CallerSource, Library.Fetch, Library.SourceAnswer],
  ...[Library.SourceFinding, Library.SourceProfile, Library.Clock, Library.Store, Library.CallerInfoOptions],
  ...[Library.SourceEntry],
];

const NAMES = [
  ...["anonymizeEvent", "anonymizeLine", "parseLine", "LineFramer", "CallMonitor", "Tr064Client", "FritzError"],
  ...["decide", "Phonebooks", "Telephony", "isSameNumber", "lookupKeys", "normalizeNumber", "useAreaCodeFile"],
  ...["isFake", "countryName", "CallerInfoService", "SourceGuards", "buildSources", "defaultEntries"],
  ...["offeredSources", "systemClock", "webFetch"],
];
const SIMULATOR_NAMES = [
  ...["SimulatedBox", "stamp", "MonitorServer", "play", "readLog", "CERTIFICATES", "BARRING_ID", "contactXml"],
  ...["Phonebook", "Tr064Server", "DEMO_CALLERS", "SEARCHCH_KEY", "TELLOWS_KEY", "FORMERLY_LISTED", "OWN_LISTS"],
  ...["PHONEBLOCK_TOKEN", "WebServices"],
];
/** Of every node, not of its form. */
const PLACE = ["id", "type", "z", "x", "y", "wires", "box", "name"];
/** Set by the user in the saved flow. */
const CHANGED = ["blockPatterns", "action", "file", "anonymize", "format"];

describe("version 0.2.0", () => {
  const forms = new Map(readNodeHtmls().map(({ definition }) => [definition.type, definition]));
  const saved = SAVED_FLOW.filter(({ type }) => type.startsWith("fritz-"));

  it("had six nodes", () => assert.equal(new Set(saved.map(({ type }) => type)).size, 6));

  for (const node of saved) {
    it(`${node.type} ${node.id}: its properties and their defaults are there`, () => {
      const { defaults = {} } = forms.get(node.type) ?? {};
      for (const [property, value] of Object.entries(node)) {
        if (PLACE.includes(property)) continue;
        assert.ok(Object.hasOwn(defaults, property), property);
        if (!CHANGED.includes(property)) assert.deepEqual(value, defaults[property], property);
      }
    });
  }

  it("exported what is exported still", () => {
    for (const name of NAMES) assert.ok(name in library, name);
    for (const name of SIMULATOR_NAMES) assert.ok(name in simulator, name);
  });
});
