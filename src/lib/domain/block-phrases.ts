/** L1 domain: the sentences of the decisions, in English; `fritz-block` brings them in other languages. */
import type { Phrase } from "../model/block-rules";

/** Key -> sentence; `__name__` stands for a value. The same keys are in the locales of `fritz-block` under `because`. */
export const ENGLISH: Readonly<Record<string, string>> = {
  "allow-book": "__name__ is in your phonebook __book__, which always gets through.",
  "allow-pattern": "The number matches __pattern__, which always gets through.",
  vip: "__name__ in your phonebook __book__ is an important person.",
  contact: "__name__ is in your phonebook __book__.",
  internal: "Internal calls and door bells are never blocked.",
  emergency: "Emergency numbers are never blocked.",
  "own-number": "Your own numbers are never blocked.",
  spared: "The number is a contact's by now, or on an allow list.",
  "no-caller": "Nothing is known about this caller, so the call gets through.",
  "no-contacts": "The phonebooks could not be read, so the call gets through.",
  "no-sources": "Not all sources could be asked (__sources__), so the call gets through.",
  unknown: "No rule speaks against this caller.",
  harmless: "The score of __score__ with __reports__ reports (__source__) stays within your limits.",
  "block-book": "The number is in the phonebook __book__, whose entries are blocked.",
  "block-pattern": "The number matches __pattern__, which you block.",
  "spam-score":
    "The score of __score__ with __reports__ reports (__source__) reaches your limits of __minScore__ and __minReports__.",
  foreign: "The call comes from abroad (__country__), and you block all of these.",
  "foreign-listed": "The call comes from __country__, which you block.",
  "foreign-not-listed": "The call comes from __country__, which is not one of the countries that get through.",
  anonymous: "The caller withholds the number.",
  repeated: "__count__ short calls of this number within __minutes__ minutes reach your limit of __limit__.",
  "quiet-hours": "It is __time__, and from __from__ to __to__ nobody else gets through.",
  "fake-unknown-area-code": "This number cannot exist: there is no such area code.",
  "fake-unknown-country": "This number cannot exist: there is no such country code.",
  "fake-too-short": "This number cannot exist: it is too short.",
  "fake-too-long": "This number cannot exist: it is too long.",
  "fake-subscriber-zero": "This number cannot exist: behind the area code there is a zero.",
  "fake-illegal-cli": "This number cannot exist: nobody may call with it.",
  "fake-emergency-cli": "This number cannot exist: it pretends to be an emergency number.",
  "fake-call-by-call": "This number cannot exist: it begins with a carrier's prefix.",
  "fake-reserved-range": "This number cannot exist: it belongs to nobody.",
};

/** Puts the values into a sentence. */
export const inEnglish: Phrase = (key, values) =>
  (ENGLISH[key] ?? key).replace(/__(\w+?)__/g, (all, name: string) => String(values[name] ?? all));
