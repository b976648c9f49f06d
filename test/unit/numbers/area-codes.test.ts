/** Every area code of Germany, and every one that does not exist. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isFake } from "../../../src/lib/numbers/flags";
import { loadNumberingData } from "../../../src/lib/numbers/data";
import { at } from "../../support/numbers";

const data = join(__dirname, "../../../data");
const official = readFileSync(join(data, "onb.csv"), "utf8").trimEnd().split("\n");
const rows = official.slice(1).map((line) => line.split(";") as [code: string, town: string, use: string]);
const active = rows.filter(([, , use]) => use === "1");
const codes = new Set(active.map(([code]) => code));

/** The beginnings of numbers that belong to no network, as short as they can be told: nothing in use begins like them. */
function freeSlots(): string[] {
  const used = (slot: string) => [...codes].some((code) => code.startsWith(slot));
  const inside = (slot: string) => [2, 3, 4, 5].some((length) => codes.has(slot.slice(0, length)));
  const free: string[] = [];
  let open = ["2", "3", "4", "5", "6", "7", "8", "9"];
  while (open.length > 0) {
    const next = open.flatMap((slot) => [..."0123456789"].map((digit) => slot + digit)).filter((slot) => !inside(slot));
    free.push(...next.filter((slot) => !used(slot)));
    open = next.filter(used);
  }
  return free;
}

describe("area codes: the list", () => {
  it("is in the authority's format, with as many codes of each length as the authority has", () => {
    assert.equal(official[0], "Ortsnetzkennzahl;Ortsnetzname;KennzeichenAktiv");
    const ofLength = (length: number) => active.filter(([code]) => code.length === length).length;
    assert.deepEqual([2, 3, 4, 5].map(ofLength), [4, 85, 3882, 1229]);
    assert.deepEqual(
      rows.filter(([, , use]) => use === "0").map(([code, town]) => `${code} ${town}`),
      ["33052 Leegebruch", "33927 Linum"],
    );
    assert.deepEqual(
      [...codes].filter((code) => [...codes].some((other) => other !== code && code.startsWith(other))),
      ["2129"],
    );
  });

  it("agrees with a part of the authority's list of 2022-07-27, typed by hand", () => {
    const [from, to] = ["28", "29948"];
    const listed = `2801 2802 2803 2804 281 2821 2822 2823 2824 2825 2826 2827 2828 2831 2832 2833 2834 2835 2836 2837 2838 2839
      2841 2842 2843 2844 2845 2850 2851 2852 2853 2855 2856 2857 2858 2859 2861 2862 2863 2864 2865 2866 2867 2871 2872 2873 2874
      2902 2903 2904 2905 291 2921 2922 2923 2924 2925 2927 2928 2931 2932 2933 2934 2935 2937 2938 2941 2942 2943 2944 2945 2947
      2948 2951 2952 2953 2954 2955 2957 2958 2961 2962 2963 2964 2971 2972 2973 2974 2975 2977 2981 2982 2983 2984 2985 2991 2992
      2993 2994`;
    assert.deepEqual([...codes].filter((code) => code > from && code < to).sort(), listed.split(/\s+/));
  });

  it("is what the library has", () => {
    const { areas, former } = loadNumberingData();
    assert.deepEqual(
      new Map(active.map(([code, town]) => [code, town])),
      new Map([...areas].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    assert.equal(former.size, 2);
  });
});

describe("area codes: numbers", () => {
  it("every code in use is known with its town, in every written form", () => {
    for (const [code, town] of active) {
      for (const form of [`0${code}234567`, `+49${code}234567`, `0049 (0)${code}/23 45-67`]) {
        const { areaCode, town: found, flags, e164, type } = at(form);
        assert.deepEqual(
          { areaCode, town: found, flags, type },
          { areaCode: code, town, flags: [], type: "landline" },
          form,
        );
        assert.equal(e164, `+49${code}234567`);
      }
    }
  });

  it("no number of a free slot is accepted", () => {
    const { ranges } = loadNumberingData();
    const free = freeSlots().filter((slot) => ![...ranges.keys()].some((prefix) => prefix.startsWith(slot)));
    assert.equal(free.length, 2241); // counted from the authority's list
    for (const slot of free) {
      for (const rest of ["1234", "23456", "3456789", "45678901"]) {
        assert.ok(at(`0${slot}${rest}`).flags.includes("unknown-area-code"), `0${slot}${rest}`);
      }
    }
  });

  it("accepts every length that the plan has, with direct dialling, whatever the number begins with", () => {
    for (const code of codes) {
      for (let length = Math.max(code.length === 2 ? 5 : 6, code.length + 1); length <= 13; length++) {
        for (const first of "123456789") {
          const number = at(`0${code}${(first + "34567890123").slice(0, length - code.length)}`);
          assert.equal(isFake(number), false, `0${code}… of ${length} digits: ${number.flags.join()}`);
          // East Frisia's 049xx may be Germany's 49 after a lost zero: told, but no fault.
          assert.deepEqual(
            number.flags.filter((flag) => flag !== "missing-zero" || !code.startsWith("49")),
            [],
          );
        }
      }
    }
  });

  it("refuses what is too short, too long, or begins with 0 behind every code", () => {
    for (const code of codes) {
      const least = code.length === 2 ? 5 : 6;
      const ends = (rest: string) => at(`0${code}${rest}`).flags;
      if (code.length < least - 1) assert.deepEqual(ends("2".repeat(least - 1 - code.length)), ["too-short"], code);
      assert.ok(ends("2".repeat(14 - code.length)).includes("too-long"), code);
      assert.ok(ends("012345").includes("subscriber-zero"), code);
      assert.ok(ends("110").includes("emergency-cli") && ends("112").includes("emergency-cli"), code);
    }
  });
});

describe("area codes: neighbours", () => {
  const towns = readFileSync(join(data, "towns.csv"), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.split(";") as [string, string, string]);
  it("every town of the neighbours' lists is found by a number that begins so", () => {
    const mistaken = towns.filter(([country, code, town]) => {
      const numbers = ["2345678901", "4345678901"].flatMap((rest) =>
        [7, 8, 9, 10, 11].map((length) => at(`+${country}${(code + rest).slice(0, length)}`)),
      );
      const sound = numbers.filter(({ flags }) => flags.every((flag) => flag === "lookalike-area-code"));
      return !sound.some((number) => number.town === town);
    });
    assert.deepEqual(mistaken, []);
  });

  it("there are as many as in the countries' plans", () => {
    const count = (country: string) => towns.filter(([of]) => of === country).length;
    assert.equal(count("43"), 1022);
    assert.equal(count("41"), 20);
    assert.ok(count("39") > 230 && count("31") > 140 && count("32") > 40 && count("352") > 220);
  });
});
