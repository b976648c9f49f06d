// Telephone numbers: understood a second, and understood right.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { figure, THIS } from "../lib/figures.mjs";
import { bench } from "../lib/peers.mjs";
import { randomFrom, shuffled } from "../lib/stats.mjs";
import { BOX, FULL, IMPOSSIBLE } from "../lib/written-forms.mjs";

export const title = "Telephone numbers";
export const LIBPHONENUMBER_JS = "libphonenumber-js";
export const GOOGLE = "google-libphonenumber";
const SUBJECTS = [THIS, LIBPHONENUMBER_JS, GOOGLE];

/** In a process of its own: what lib/number-reader.cjs answers for this subject. */
function ask(subject, question) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--expose-gc", join(bench, "lib", "number-reader.cjs"), subject],
    {
      encoding: "utf8",
      input: JSON.stringify(question),
    },
  );
  if (status !== 0) throw new Error(`${subject}: ${stderr}`);
  return JSON.parse(stdout);
}

export async function run({ quick, runs }) {
  return [...rights(), ...speeds(quick ? 5_000 : 20_000, runs), ...costs(runs)];
}

function rights() {
  const share = (forms, isRight) => {
    const written = forms.map(([one]) => one);
    const percent = (name) => {
      const answers = ask(name, { read: written });
      return (100 * answers.filter((answer, i) => isRight(answer, forms[i])).length) / forms.length;
    };
    return Object.fromEntries(SUBJECTS.map((name) => [name, [percent(name)]]));
  };
  const german = FULL.filter(([, , , country]) => country === "DE");
  const foreign = FULL.filter(([, , kind, country]) => country !== "DE" && kind !== undefined);
  const isNumber = ({ e164 }, [, wanted]) => wanted === undefined || e164 === wanted;
  const isKind = ({ kinds }, [, , kind]) => kinds.includes(kind);
  const scale = (what) => {
    const how = `${what} (bench/lib/written-forms.mjs); home is Germany, area code 7191, which only this package can be told`;
    return { unit: "%", better: "more", how };
  };
  return [
    figure(
      "right number and country, full numbers",
      scale(`${FULL.length} numbers in forms that people write, with area code`),
      share(FULL, (answer, form) => isNumber(answer, form) && answer.country === form[3]),
    ),
    figure(
      "right kind, German full numbers",
      scale(
        `${german.length} of them; landline, mobile, freephone ...; where a library cannot tell two kinds apart, either counts`,
      ),
      share(german, isKind),
    ),
    figure("right kind, foreign full numbers", scale(`${foreign.length} of them`), {
      ...share(foreign, isKind),
      [THIS]: "says that a number is foreign and of which country, not of which kind",
    }),
    figure(
      "right number and kind, what a box holds",
      scale(
        `${BOX.length} entries of call monitor, call list and phonebooks: local numbers, trailing #, codes, inside numbers, wildcards`,
      ),
      share(BOX, (answer, form) => isNumber(answer, form) && isKind(answer, form)),
    ),
    figure(
      "impossible numbers recognised",
      scale(`${IMPOSSIBLE.length} impossible numbers; recognised = invalid, or a flag says why`),
      share(IMPOSSIBLE, ({ sound }) => !sound),
    ),
  ];
}

function speeds(count, runs) {
  const figures = [];
  for (const [what, set] of [
    ["German numbers understood", "german"],
    ["foreign numbers understood", "foreign"],
  ]) {
    const values = Object.fromEntries(SUBJECTS.map((name) => [name, []]));
    for (let run = 0; run < runs; run++) {
      for (const name of shuffled(SUBJECTS, randomFrom(run)))
        values[name].push(ask(name, { speed: set, count }).perSecond);
    }
    const how =
      `${count.toLocaleString("en-US")} different numbers in 5 written forms: E.164, valid or not, kind; after ${count / 4} to warm up, ` +
      `each in a process of its own. ${runs} runs in turn`;
    figures.push(figure(what, { unit: "1/s", better: "more", how }, values));
  }
  return figures;
}

function costs(runs) {
  const measured = ["german", "foreign"].map(() => Object.fromEntries(SUBJECTS.map((name) => [name, []])));
  const memory = Object.fromEntries(SUBJECTS.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const name of shuffled(SUBJECTS, randomFrom(run))) {
      for (const [i, written] of ["030 23125123", "+43 1 5550100"].entries()) {
        const { ms, heapMB } = ask(name, { cost: written });
        measured[i][name].push(ms);
        if (i === 0) memory[name].push(heapMB);
      }
    }
  }
  const how =
    `loading the library (of this package \`/core\`: numbers, lines and decisions) and understanding the first number, in a process ` +
    `of its own. ${runs} runs in turn`;
  return [
    figure("first German number", { unit: "ms", better: "less", how }, measured[0]),
    figure("first foreign number", { unit: "ms", better: "less", how }, measured[1]),
    figure(
      "memory with the first German number",
      { unit: "MB", better: "less", how: `heap after garbage collection, beside before; ${how}` },
      memory,
    ),
  ];
}
