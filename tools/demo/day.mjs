// The demo's calls: those of the last 24 hours, which stand in the box's call list, and those that come by themselves.
// All numbers are reserved for films, or the box's own.
export const GRANDMA = "08999998010";
export const FRIEND = "01713920012";
const ERIKA = "03023125001";
const KARL = "03023125052";
const STRANGER = "04066969077";
const MOBILE = "01713920098";
/** A number reserved for films, which the simulated PhoneBlock knows as spam. */
export const SPAM = "03023125042";
/** The types of a box's call list. */
const [ANSWERED, MISSED, OUTGOING, REJECTED] = [1, 2, 3, 10];
/** Hours ago, type, the other side, seconds; oldest first. */
const PAST = [
  [23.2, ANSWERED, ERIKA, 240],
  [22.6, MISSED, FRIEND, 0],
  [22.1, OUTGOING, FRIEND, 420],
  [20.4, ANSWERED, GRANDMA, 1500],
  [19.7, REJECTED, SPAM, 0],
  [19.2, REJECTED, SPAM, 0],
  [18.3, MISSED, "", 0],
  [14.9, OUTGOING, KARL, 0],
  [14.6, OUTGOING, KARL, 180],
  [13.8, ANSWERED, STRANGER, 60],
  [11.5, ANSWERED, KARL, 120],
  [11.2, MISSED, MOBILE, 0],
  [10.7, REJECTED, SPAM, 0],
  [8.4, OUTGOING, GRANDMA, 900],
  [7.9, ANSWERED, ERIKA, 300],
  [5.6, MISSED, STRANGER, 0],
  [5.2, ANSWERED, FRIEND, 660],
  [4.8, REJECTED, SPAM, 0],
  [3.1, OUTGOING, ERIKA, 120],
  [1.6, ANSWERED, GRANDMA, 1260],
  [1.2, MISSED, KARL, 0],
];
/** Calls that come again and again: who calls, or whom the house calls; seconds until it is answered, if it is, and of talk. */
const LIFE = [
  { from: FRIEND, rings: 4 },
  { from: KARL, rings: 4, talks: 12 },
  { to: KARL, rings: 3 },
  { to: KARL, rings: 5, talks: 15 },
  { from: STRANGER, rings: 5 },
  { from: ERIKA, rings: 3, talks: 20 },
  { to: GRANDMA, rings: 4, talks: 18 },
];
const BETWEEN_MS = 9_000;
const HOUR_MS = 3_600_000;
/** Extension of the first cordless telephone. */
const CORDLESS = 10;

/** Puts the last 24 hours into the box's call list. */
export function rememberPast({ tr064: { state } }, now = Date.now()) {
  for (const [hours, type, remote, seconds] of PAST) {
    const date = new Date(now - hours * HOUR_MS);
    state.calls.add({ type, remote, own: "732123", name: state.nameOf(remote), date, seconds, port: CORDLESS });
  }
}

/** One call after the other, until the demo ends. `pause` resolves early then. */
export async function live(box, pause, stopped) {
  for (let i = 0; !stopped(); i = (i + 1) % LIFE.length) {
    const { from, to, rings, talks } = LIFE[i];
    const call = to === undefined ? box.ring(from) : box.dial(to, CORDLESS);
    await pause(rings * 1_000);
    if (talks !== undefined && !stopped()) {
      box.answer(call, CORDLESS);
      await pause(talks * 1_000);
    }
    if (!stopped()) box.hangUp(call);
    await pause(BETWEEN_MS);
  }
}
