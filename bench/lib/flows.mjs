// Flows for Node-RED: the same work with each subject's nodes, all ending in the bench's sink.
import { THIS } from "./figures.mjs";
import { CONTRIB_FRITZ } from "./peers.mjs";

const TAB = { id: "tab", type: "tab", label: "bench" };
const placed = (node) => ({ z: "tab", x: 100, y: 100, wires: [], ...node });
const sink = (id, name) => placed({ id, type: "bench-sink", name });

/** The config node of a box. */
function box(subject, id, { host, port = 1012, tr064 = 49_000 }) {
  return subject === THIS
    ? { id, type: "fritz-config", host, monitorPort: port, port: tr064, tls: false, countryCode: "49", areaCode: "30" }
    : { id, type: "fritzbox-config", host, port: tr064, ssl: false };
}

const MONITOR = { [THIS]: ["fritz-callmonitor", "box"], [CONTRIB_FRITZ]: ["fritzbox-callmonitor", "device"] };

/** A call monitor for each box; what it says arrives under the box's `key`, its status, if wanted, under `<key> status`. */
export function monitorFlow(subject, boxes, { status = false } = {}) {
  const [type, ofBox] = MONITOR[subject] ?? [];
  return [
    TAB,
    ...boxes.flatMap(({ key, ...where }) => [
      box(subject, `box-${key}`, where),
      placed({ id: `monitor-${key}`, type, [ofBox]: `box-${key}`, wires: [[`sink-${key}`]] }),
      sink(`sink-${key}`, key),
      ...(status ? statusOf(key) : []),
    ]),
  ];
}

const statusOf = (key) => [
  placed({ id: `status-${key}`, type: "status", scope: [`monitor-${key}`], wires: [[`said-${key}`]] }),
  sink(`said-${key}`, `${key} status`),
];

const CONTACT = {
  [THIS]: { type: "fritz-phonebook", box: "box", operation: "lookup" },
  [CONTRIB_FRITZ]: { type: "fritzbox-contact", device: "box", phonebook: 0, ccode: "DE" },
};

/** A number in, its contacts out. */
export function contactFlow(subject, where) {
  return [
    TAB,
    box(subject, "box", where),
    placed({ id: "source", type: "bench-source", name: "numbers", wires: [["contact"]] }),
    placed({ id: "contact", ...CONTACT[subject], wires: [["sink"]] }),
    sink("sink", "contacts"),
  ];
}

/** The simulated box's user, for the box of a flow. */
export const BOX_LOGIN = { box: { username: "fritz1234", password: "secret" } };

/** What a user would deploy first: the call monitor, names from the phonebook, a debug node. */
export function firstFlow(subject, where) {
  const [type, ofBox] = MONITOR[subject] ?? [];
  if (type === undefined) return [TAB, placed({ id: "debug", type: "debug", active: true })];
  return [
    TAB,
    box(subject, "box", where),
    placed({ id: "monitor", type, [ofBox]: "box", wires: [["contact"]] }),
    placed({ id: "contact", ...CONTACT[subject], wires: [["debug"]] }),
    placed({ id: "debug", type: "debug", active: true }),
  ];
}

/** From the ring to the name; what the phonebook knows, or with chosen `sources` outside. Of this package also to the decision. */
export function nameFlow(subject, { key, sources = [], deadlineMs = 4_000, ...where }) {
  const [type, ofBox] = MONITOR[subject] ?? [];
  const monitor = placed({ id: "monitor", type, [ofBox]: "box", events: ["ring"], wires: [["name"]] });
  const common = [TAB, box(subject, "box", where), monitor, sink("named", `${key} name`)];
  if (subject !== THIS) return [...common, placed({ id: "name", ...CONTACT[subject], wires: [["named"]] })];
  const providers = [{ id: "phonebook" }, { id: "numbers" }, ...sources].map((source) => ({
    enabled: true,
    ...source,
  }));
  return [
    ...common,
    placed({
      id: "name",
      type: "fritz-caller-info",
      box: "box",
      providers,
      deadlineMs,
      wires: [["named", "decide"], []],
    }),
    placed({
      id: "decide",
      type: "fritz-block",
      box: "box",
      blockPatterns: ["0900*"],
      wires: [["decided"], ["decided"]],
    }),
    sink("decided", `${key} decision`),
  ];
}

/** All that a house has for years: calls with their names (of this package with decision and log), and look-ups. */
export function houseFlow(subject, where, round) {
  const tab = { ...TAB, label: `round ${round}` };
  const [type, ofBox] = MONITOR[subject] ?? [];
  const calls = placed({ id: "monitor", type, [ofBox]: "box", name: `${round}`, wires: [["name"]] });
  const asked = [
    placed({ id: "source", type: "bench-source", name: "numbers", wires: [["look"]] }),
    placed({ id: "look", ...CONTACT[subject], name: `${round}`, wires: [["found"]] }),
    sink("found", "found"),
  ];
  const told = sink("told", "told");
  if (subject !== THIS) {
    return [
      tab,
      box(subject, "box", where),
      calls,
      placed({ id: "name", ...CONTACT[subject], wires: [["told"]] }),
      told,
      ...asked,
    ];
  }
  const named = placed({
    id: "name",
    type: "fritz-caller-info",
    box: "box",
    name: `${round}`,
    wires: [["decide"], []],
  });
  const decided = placed({ id: "decide", type: "fritz-block", box: "box", name: `${round}`, wires: [["log"], []] });
  const log = placed({
    id: "log",
    type: "fritz-log",
    file: "calls.log",
    daily: false,
    format: "line",
    name: `${round}`,
    wires: [["told"]],
  });
  return [tab, box(subject, "box", where), calls, named, decided, log, told, ...asked];
}
