// Shows one row for each call, from the messages that fritz-block sends, and sends what the buttons ask for.
/* global language, text, byId, element, isBlocked, reasonOf, showCounters, showChart */
const OUTCOMES = {
  answered: text.answered,
  missed: text.missedCall,
  unreached: text.unreached,
  machine: text.machine,
  rejected: text.rejectedCall,
  hungup: text.hungup,
  lost: text.lost,
};
const ACTIONS = {
  added: text.barred,
  "dry-run": text.wouldBar,
  "already-there": text.alreadyBarred,
  failed: text.failed,
};
/** Reasons for letting a caller through that no button changes. */
const PROTECTED = ["contact", "allow-book", "own-number", "internal", "emergency"];
const PHONE_STATES = {
  off: text.phoneOff,
  idle: text.phoneIdle,
  ringing: text.phoneRinging,
  talking: text.phoneTalking,
};
const MOST_ROWS = 60;
const calls = new Map();
/** Number -> what a button has asked for. */
const orders = new Map();
let connected = false;
let boxAway = false;

/** Merges a message into its call. */
function take({ payload, callerInfo, decision }) {
  if (typeof payload?.callId !== "string") return;
  const call = calls.get(payload.callId) ?? { id: payload.callId, at: payload.at };
  const { event, direction, caller, called, device, outcome, durationSeconds } = payload;
  Object.assign(call, { event, direction, caller, called, device: device ?? call.device });
  if (event === "disconnect") Object.assign(call, { outcome, durationSeconds, recovered: payload.recovered });
  if (callerInfo) call.info = callerInfo;
  if (decision) call.decision = decision;
  calls.set(call.id, call);
}

/** Calls of the box's call list, from before the page's first event. */
function takePast(list) {
  const first = Math.min(Date.now(), ...[...calls.values()].map(({ at }) => Date.parse(at)));
  for (const { id, at, kind, name, caller, called, durationSeconds, device } of list) {
    if (Date.parse(at) > first - 60_000) continue;
    const direction = kind === "outgoing" ? "outgoing" : "incoming";
    const outcome = kind !== "outgoing" ? kind : durationSeconds > 0 ? "answered" : "unreached";
    const info = name ? { name } : undefined;
    calls.set(`past ${id}`, {
      at,
      event: "disconnect",
      direction,
      caller,
      called,
      device,
      outcome,
      durationSeconds,
      info,
    });
  }
}

const otherSide = (call) => (call.direction === "outgoing" ? call.called : call.caller) ?? { number: "" };
const isOver = (call) => call.event === "disconnect";

function nameOf(call) {
  const { number } = otherSide(call);
  if (number === "") return text.withheld;
  return call.info?.name ?? call.info?.contact?.name ?? call.info?.display ?? number;
}

function stateOf(call) {
  if (call.event === "connect") return text.talking;
  if (!isOver(call)) return call.direction === "outgoing" ? text.dialling : text.ringing;
  const outcome = OUTCOMES[call.outcome] ?? "";
  return call.durationSeconds > 0 ? `${outcome}, ${duration(call.durationSeconds)}` : outcome;
}

/** Does not break between a figure and its unit. */
const duration = (seconds) =>
  (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`).replaceAll(" ", "\u00a0");

function rowOf(call) {
  const row = element("li", `call ${call.direction} ${isOver(call) ? (call.outcome ?? "") : "open"}`);
  if (isBlocked(call) || call.outcome === "rejected") row.classList.add("spam");
  const { number } = otherSide(call);
  const who = element("div", "who");
  who.append(element("strong", "", `${call.direction === "outgoing" ? `${text.outgoing} ` : ""}${nameOf(call)}`));
  const place = call.info?.place?.town ?? "";
  who.append(element("small", "", [number, place].filter((part) => part !== "" && part !== nameOf(call)).join(" · ")));
  const time = element(
    "time",
    "",
    new Date(call.at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  );
  const state = element("div", "state", stateOf(call));
  if (call.device) state.append(element("small", "", call.device));
  if (call.recovered) state.append(element("small", "", text.recovered));
  row.append(time, who, state, verdictOf(call, number));
  return row;
}

function verdictOf({ decision, direction, info }, number) {
  const verdict = element("div", "verdict");
  if (!decision || direction === "outgoing") return verdict;
  const blocked = decision.verdict === "block";
  const action = ACTIONS[decision.action];
  const words = blocked ? [text.verdictBlock, action].filter(Boolean).join(" · ") : text.verdictAllow;
  verdict.append(element("span", `badge ${blocked ? "bad" : "good"}`, words));
  verdict.append(element("small", "", reasonOf(decision, info)));
  if (number !== "" && !PROTECTED.includes(decision.because)) {
    const order = blocked ? "false-alarm" : "block";
    const done = orders.get(number) === order;
    const button = element("button", "order", done ? text.done : blocked ? text.notSpam : text.block);
    button.disabled = done;
    button.addEventListener("click", () => {
      send({ topic: order, payload: number });
      orders.set(number, order);
      show();
    });
    verdict.append(button);
  }
  return verdict;
}

function show() {
  const rows = [...calls.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  byId("calls").replaceChildren(...rows.slice(0, MOST_ROWS).map(rowOf));
  byId("hint").hidden = rows.length > 0;
  showBanner(rows.filter((call) => !isOver(call)));
  showCounters(rows);
  showChart(rows);
}

/** How the telephones of the house are: `{ kitchen: "ringing" }`. */
function showPhones(states) {
  const phones = Object.entries(states).map(([phone, state]) =>
    element("span", `phone ${state}`, `${text[phone] ?? phone}: ${PHONE_STATES[state] ?? state}`),
  );
  byId("phones").replaceChildren(...phones);
}

function showBanner(open) {
  const banner = byId("banner");
  const ringing = open.filter(({ event, direction }) => event === "ring" && direction === "incoming");
  banner.hidden = ringing.length === 0;
  banner.className = ringing.some(isBlocked) ? "spam" : "";
  banner.textContent = ringing.map((call) => `${nameOf(call)} ${text.rings}`).join(" · ");
  const quiet = open.length === 0 ? text.idle : stateOf(open[0]);
  byId("line").textContent = !connected ? text.offline : boxAway ? text.boxAway : quiet;
  byId("line").className = connected && !boxAway ? "" : "bad";
}

let socket;
const send = (message) => socket?.readyState === 1 && socket.send(JSON.stringify(message));

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/calls/live`);
  socket.addEventListener("open", async () => {
    connected = true;
    const recent = await (await fetch("/calls/recent")).json();
    for (const message of Array.isArray(recent) ? recent : []) take(message);
    const { phones = {}, monitor, past = [] } = await (await fetch("/calls/known")).json();
    takePast(past);
    showPhones(phones);
    boxAway = monitor === "away";
    show();
  });
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.topic === "phones") return showPhones(message.payload);
    if (message.topic === "monitor") boxAway = message.payload === "away";
    else take(message);
    show();
  });
  socket.addEventListener("close", () => {
    connected = false;
    show();
    setTimeout(connect, 1_000);
  });
}

document.documentElement.lang = language;
document.title = text.title;
for (const target of document.querySelectorAll("[data-text]")) target.textContent = text[target.dataset.text];
for (const action of ["grandma", "spam", "noNumber", "two", "plug", "voice"]) {
  const button = element("button", "play", text[action]);
  button.addEventListener("click", () => send({ topic: "simulator", payload: action }));
  byId("buttons").append(button);
}
connect();
show();
