/** Test support: callers as `fritz-caller-info` describes them. Numbers are those reserved for films. */
import type { CallerInfo } from "../../src/lib/callers/types";

/** An unknown caller from Berlin; `over` has what matters to a test. */
export function caller(over: Partial<CallerInfo> = {}): CallerInfo {
  return {
    number: "03023125001",
    e164: "+493023125001",
    display: "Berlin",
    type: "landline",
    flags: [],
    place: { country: "Germany", countryCode: "DE", areaCode: "30", town: "Berlin" },
    sources: [{ id: "phonebook", status: "miss" }],
    complete: true,
    ...over,
  };
}

/** The number from abroad that matters is the country; it is not assigned. */
export const fromAbroad = (countryCode: string, e164: string): Partial<CallerInfo> => ({
  number: e164.replace("+", "00"),
  e164,
  type: "foreign",
  place: { countryCode },
});

/** A hit in a phonebook. */
export const contact = (book: string, vip = false): Partial<CallerInfo> => ({
  contact: { book, bookId: 0, name: "Oma", vip },
});

export const spam = (score: number, reports: number): Partial<CallerInfo> => ({
  spam: { score, reports, source: "phoneblock" },
});
