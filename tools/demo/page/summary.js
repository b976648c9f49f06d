// The counters of today and the chart of the last 24 hours, above the rows of calls.js; and what both use.
/* global text */
const byId = (id) => document.getElementById(id);
const isBlocked = (call) => call.decision?.verdict === "block";

function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

function showCounters(rows) {
  const day = new Date().toDateString();
  const today = rows.filter(({ at }) => new Date(at).toDateString() === day);
  const counts = {
    today: today.length,
    missed: today.filter(({ outcome }) => outcome === "missed").length,
    blocked: today.filter(isBlocked).length,
    rejected: today.filter(({ outcome }) => outcome === "rejected").length,
  };
  const boxes = Object.entries(counts).map(([key, count]) => {
    const box = element("div", `counter ${key}`);
    box.append(element("b", "", String(count)), element("span", "", text[key]));
    return box;
  });
  byId("counters").replaceChildren(...boxes);
}

function showChart(rows) {
  const hours = Array.from({ length: 24 }, () => ({ all: 0, bad: 0 }));
  for (const call of rows) {
    const age = Math.floor((Date.now() - Date.parse(call.at)) / 3_600_000);
    const hour = hours[23 - Math.max(0, age)];
    if (!hour) continue;
    hour.all++;
    if (isBlocked(call) || call.outcome === "rejected") hour.bad++;
  }
  const most = Math.max(1, ...hours.map(({ all }) => all));
  const bars = hours.map(({ all, bad }, i) => {
    const bar = element("i", "bar");
    bar.style.height = `${(100 * all) / most}%`;
    bar.style.setProperty("--share", `${all === 0 ? 0 : (100 * bad) / all}%`);
    bar.title = `-${23 - i} h: ${all}`;
    return bar;
  });
  byId("chart").setAttribute("aria-label", text.perHour);
  byId("chart").title = text.perHour;
  byId("chart").replaceChildren(...bars);
}

// For calls.js.
Object.assign(globalThis, { showCounters, showChart });
