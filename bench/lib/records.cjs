// What each subject tells of a line -> one form: kind, id, the box's time and the fields that stand in the line.
"use strict";

/** Whatever the subject tells: without a kind it is not an event of a call. */
function toRecord(subject, told) {
  return READERS[subject](told) ?? {};
}

const two = (n) => String(n).padStart(2, "0");
const localTime = (date) =>
  `20${two(date.getFullYear() % 100)}-${two(date.getMonth() + 1)}-${two(date.getDate())}T` +
  [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
/** "18.03.26 22:35:21" -> "2026-03-18T22:35:21": a peer that hands the text on is right, too. */
const lineTime = (text = "") => text.replace(/^(\d\d)\.(\d\d)\.(\d\d) (.*)$/, "20$3-$2-$1T$4");

const READERS = {
  "this package": (told) => {
    const {
      event: kind,
      connectionId,
      at,
      direction,
      caller,
      called,
      extension,
      durationSeconds,
    } = told.payload ?? told;
    const common = { kind, id: connectionId, at: at.slice(0, 19) };
    const remote = direction === "incoming" ? caller.number : called.number;
    if (kind === "ring") return { ...common, caller: caller.number, called: called.number };
    if (kind === "call") return { ...common, extension, own: caller.number, dialled: called.number };
    if (kind === "connect") return { ...common, extension, remote };
    return { ...common, seconds: durationSeconds };
  },
  // CONNECT keeps both numbers of the ring or call; which one is the other side is not said, so either counts as right.
  "node-red-contrib-fritz": ({ payload: { type, id, timestamp, caller, callee, extension, duration } }) => {
    const common = { id: Number(id), at: lineTime(timestamp) };
    if (type === "INBOUND") return { ...common, kind: "ring", caller, called: callee };
    if (type === "OUTBOUND")
      return { ...common, kind: "call", extension: Number(extension), own: caller, dialled: callee };
    if (type === "CONNECT")
      return { ...common, kind: "connect", extension: Number(extension), remote: [caller, callee] };
    if (duration !== undefined) return { ...common, kind: "disconnect", seconds: Number(duration) };
    return undefined;
  },
  "fritz-callmonitor": ({ kind, connectionId: id, date, caller, callee, extension, phoneNumber, callDuration }) => {
    const common = { id, at: localTime(date) };
    if (kind === "ring") return { ...common, kind, caller, called: callee };
    if (kind === "call") return { ...common, kind, extension: Number(extension), own: caller, dialled: callee };
    if (kind === "pickUp") return { ...common, kind: "connect", extension: Number(extension), remote: phoneNumber };
    return { ...common, kind: "disconnect", seconds: callDuration };
  },
};

module.exports = { toRecord };
