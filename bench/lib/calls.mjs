// Calls as a box tells them: lines, and what a listener has to make of each; cut into segments; decided afterwards.
import { randomFrom } from "./stats.mjs";

const two = (n) => String(n).padStart(2, "0");
/** Numbers reserved for films. */
const number = (random) =>
  random() < 0.5 ? `03023125${100 + Math.floor(random() * 900)}` : `017139200${10 + Math.floor(random() * 90)}`;
const OWN = ["732123", "732124"];

/**
 * Lines of calls of all kinds, at most `parallel` at a time: answered, missed, withheld, barred, dialled, taken by the answering
 * machine. Each line has a second of its own, so that it can be told from all others. `wanted` is what the line says.
 */
export function scriptOfCalls({ lines, parallel, seed }) {
  const random = randomFrom(seed);
  const open = new Map();
  const script = [];
  const say = (kind, id, fields, wanted) => {
    const date = new Date(2026, 2, 18, 6, 0, script.length);
    const [day, time] = [
      [date.getDate(), date.getMonth() + 1, 26].map(two).join("."),
      [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":"),
    ];
    const at = `2026-${two(date.getMonth() + 1)}-${two(date.getDate())}T${time}`;
    script.push({
      line: `${day} ${time};${[kind.toUpperCase(), id, ...fields].join(";")};`,
      wanted: { kind, id, at, ...wanted },
    });
  };
  const begin = (id) => {
    const [remote, own] = [random() < 0.15 ? "" : number(random), OWN[Math.floor(random() * 2)]];
    if (random() < 0.65) {
      say("ring", id, [remote, own, "SIP0"], { caller: remote, called: own });
      if (random() < 0.15) return say("disconnect", id, [0], { seconds: 0 }); // barred by the box: over at once
    } else say("call", id, [11, own, remote || "0800", "SIP1"], { extension: 11, own, dialled: remote || "0800" });
    open.set(id, { remote: script.at(-1).wanted.dialled ?? remote, connected: false });
  };
  const goOn = (id) => {
    const call = open.get(id);
    if (!call.connected && random() < 0.6) {
      const extension = random() < 0.2 ? 40 : 10 + Math.floor(random() * 6);
      say("connect", id, [extension, call.remote], { extension, remote: call.remote });
      call.connected = true;
    } else {
      const seconds = call.connected ? 1 + Math.floor(random() * 600) : 0;
      say("disconnect", id, [seconds], { seconds });
      open.delete(id);
    }
  };
  while (script.length < lines) {
    const free = [...Array(parallel).keys()].find((id) => !open.has(id));
    if (free !== undefined && (open.size === 0 || random() < 0.4)) begin(free);
    else goOn([...open.keys()][Math.floor(random() * open.size)]);
  }
  return script;
}

export const bytesOf = (script) => Buffer.from(script.map(({ line }) => `${line}\r\n`).join(""));

/** One segment a line. */
export const oneByOne = (script) => script.map(({ line }) => Buffer.from(`${line}\r\n`));

/** Segments that end anywhere: in the middle of a line, or after several. */
export function cutAnywhere(script, seed) {
  const random = randomFrom(seed);
  const bytes = bytesOf(script);
  const segments = [];
  for (let from = 0; from < bytes.length; from += segments.at(-1).length) {
    segments.push(bytes.subarray(from, from + 1 + Math.floor(random() * (random() < 0.5 ? 60 : 300))));
  }
  return segments;
}

/** How many lines were told, each once, in order, with its time and all its fields. */
export function countRight(script, told) {
  const places = new Map(script.map(({ wanted }, i) => [wanted.at, i]));
  const seen = new Set();
  let last = -1;
  for (const { record } of told) {
    const place = places.get(record.at);
    if (place === undefined || seen.has(place) || place < last || !isRight(record, script[place].wanted)) continue;
    seen.add(place);
    last = place;
  }
  return seen.size;
}

function isRight(record, wanted) {
  return Object.entries(wanted).every(([field, value]) =>
    Array.isArray(record[field]) ? record[field].includes(value) : record[field] === value,
  );
}
