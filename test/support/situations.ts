/** Test support: random situations in which a contact calls: how the number is written, what fails, what the rules are. */
import type { FaultOrder, SimulatedBox } from "../../simulator";
import type { DeployType } from "./node-red-server";

export interface CallingContact {
  /** As it stands in the book. */
  written: string;
  /** As the network shows it. */
  shown: string;
  book: (typeof BOOKS)[number];
}

export interface Situation {
  n: number;
  contacts: CallingContact[];
  /** What is known before the failure: nothing, the books in memory, or their copy on disk. */
  before: "nothing" | "memory" | "disk";
  failure: keyof typeof FAILURES;
  source: (typeof SOURCES)[number];
  phonebooks: (typeof PHONEBOOKS)[number];
  /** What sources say too late is decided, too. */
  late: boolean;
  infoBox: boolean;
  blockBox: boolean;
  action: "phonebook" | "barring";
  state: (typeof STATES)[number];
  deploys: DeployType[];
}

export const BOOKS = ["Telefonbuch", "Familie", "Online"] as const;
/** What the source of spam reports does: calls everybody spam, or fails. */
export const SOURCES = ["spam", "spam", "spam", "500", "hangs", "garbage"] as const;
/** The source `phonebook` of fritz-caller-info. */
const PHONEBOOKS = ["on", "on", "off", "absent"] as const;
/** What fritz-block has kept of false alarms. */
const STATES = ["none", "none", "none", "none", "none", "none", "newer", "damaged", "folder"] as const;
const DEPLOYS: DeployType[] = ["full", "flows", "nodes"];
const OFTEN = 1_000_000;

const lasting = (order: FaultOrder) => (box: SimulatedBox) => box.tr064.failNext({ times: OFTEN, ...order });
const BOOK = "/phonebook.lua";
const AREA = "X_AVM-DE_GetVoIPCommonAreaCode";

/** What goes wrong at the box; the last ones are mistakes in the configuration. */
export const FAILURES = {
  none: () => undefined,
  "TR-064 refuses": (box: SimulatedBox) => void box.tr064.refuse(),
  "TR-064 hangs": ({ tr064 }: SimulatedBox) => void (tr064.wire.latencyMs = 60_000),
  "no access for apps": ({ tr064 }: SimulatedBox) => void (tr064.state.appAccess = false),
  "no right": ({ tr064 }: SimulatedBox) => tr064.state.users.forEach((user) => (user.rights = { nas: "readonly" })),
  "no telephony": ({ tr064 }: SimulatedBox) => void (tr064.state.telephony = false),
  "busy list": lasting({ kind: "503", match: "GetPhonebookList" }),
  "books break off": lasting({ kind: "reset-before", match: "GetPhonebook" }),
  "half documents": lasting({ kind: "truncate", match: BOOK }),
  garbage: lasting({ kind: "garbage", match: BOOK }),
  "a page": lasting({ kind: "wrong-type", match: BOOK }),
  "a page that is XML": lasting({ kind: "xhtml", match: BOOK }),
  "empty books": lasting({ kind: "empty", match: BOOK }),
  "empty list": lasting({ kind: "empty", match: "GetPhonebookList" }),
  "713 on one book": lasting({ kind: "refuse", code: 713, match: "GetPhonebook(1)" }),
  "713 on all books": lasting({ kind: "refuse", code: 713, match: "GetPhonebook" }),
  "606 on the books": lasting({ kind: "refuse", match: "GetPhonebook" }),
  "606 on the area code": lasting({ kind: "refuse", match: AREA }),
  "area code fails 8 times": (box: SimulatedBox) => box.tr064.failNext({ kind: "reset-before", match: AREA, times: 8 }),
  "606 on own numbers": lasting({ kind: "refuse", match: "X_AVM-DE_GetNumbers" }),
  "HTTP 101": lasting({ kind: "upgrade", match: /x_contact/ }),
  "trickling list": lasting({ kind: "trickle", ms: 50, match: "GetPhonebookList" }),
  "slow books": lasting({ kind: "slow", ms: 6_000, match: BOOK }),
  "forgotten writes": lasting({ kind: "drop-write", match: /^Set/ }),
  "busy writes": lasting({ kind: "503", match: /^Set/ }),
  "half list": lasting({ kind: "half", match: "GetPhonebookList" }),
  "half books": lasting({ kind: "half", match: BOOK }),
  "wrong password": () => undefined,
  "no password": () => undefined,
} satisfies Record<string, (box: SimulatedBox) => void>;

/** Who has never seen the whole list cannot know that half of it is missing. */
const NEEDS_KNOWLEDGE: readonly (keyof typeof FAILURES)[] = ["half list", "half books"];

/** A sequence of numbers in [0, 1) that a seed decides. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Situation `n`; its numbers occur in no other one. */
export function situation(n: number): Situation {
  const next = random(n * 7919 + 1);
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  const failure = pick(Object.keys(FAILURES) as (keyof typeof FAILURES)[]);
  const before = pick(["nothing", "nothing", "memory", "disk"] as const);
  const contacts: CallingContact[] = Array.from({ length: 1 + Math.floor(next() * 3) }, (_, i) => ({
    ...contact(String(n * 10 + i).padStart(5, "0"), pick),
    book: pick(BOOKS),
  }));
  contacts.push({ written: `0201/${hundred(n).slice(4)} 99`, shown: `${hundred(n)}99`, book: pick(BOOKS) });
  return {
    ...{ n, contacts, failure, source: pick(SOURCES), phonebooks: pick(PHONEBOOKS) },
    before: NEEDS_KNOWLEDGE.includes(failure) && before === "nothing" ? "disk" : before,
    ...{
      late: next() < 0.5,
      infoBox: next() < 0.9,
      blockBox: next() < 0.9,
      action: pick(["phonebook", "barring"] as const),
    },
    ...{ state: pick(STATES), deploys: Array.from({ length: Math.floor(next() * 3) }, () => pick(DEPLOYS)) },
  };
}

/** `id`: five digits. */
function contact(id: string, pick: <T>(list: readonly T[]) => T): Omit<CallingContact, "book"> {
  const [area, rest] = pick([
    ...([
      ["30", `2${id}`],
      ["7191", `3${id}`],
      ["221", `47${id}`],
      ["171", `39${id}`],
    ] as const),
    ...([
      ["89", `99${id}`],
      ["151", `555${id}`],
    ] as const),
  ]);
  const national = `0${area}${rest}`;
  const plus = `+49${area}${rest}`;
  const split = `${rest.slice(0, 3)} ${rest.slice(3)}`;
  const forms = [
    ...[plus, national, `0049${area}${rest}`, `+49 (0)${area} ${split}`, `0${area}/${split}`, `(0${area}) ${rest}`],
    ...[`0${area} - ${split}`, `tel:${plus}`, `01033${national}`, `*31#${national}`, `${plus} (privat)`],
    ...[`${national} / 0171 9999999`, ` ${plus} `, `00 49 ${area} ${split}`],
  ];
  if (area === "7191") forms.push(rest, split);
  const isBranch = area === "30" && pick([true, false]);
  const written = isBranch ? `030 ${rest}-0` : pick(forms);
  const extension = isBranch ? pick(["", "0", "17", "345"]) : "";
  return { written, shown: pick([national, `0049${area}${rest}`]) + extension };
}

/** A hundred of numbers in Essen that belongs to situation `n`. */
const hundred = (n: number) => `0201${9000 + n}`;

/** A number that is no contact's; it shares its hundred with a contact. */
export const spammer = (n: number, i: number) => `${hundred(n)}${String(10 + i).padStart(2, "0")}`;
