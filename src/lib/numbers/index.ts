/** The public entry point of this folder. The rules are pure; their data are loaded with the first number. */
export * from "./engine";
export { isOwnNumber, sameNumber } from "./compare";
export { countryName } from "./country-name";
export { hasHardFlag, isFake } from "./flags";
export { prefixKeys } from "./keys";
export { maskNumber, maskText, quoted } from "./mask";
export { callingCodeOf, type NumberForms } from "./formats";
export { writtenNumbers } from "./parse";
export { isPattern } from "./pattern-syntax";
export { matchesPattern, type NumberPattern } from "./patterns";
export { presentationOf, withoutFinalHash } from "./presentation";
export { DEFAULT_PLAN, withoutTrunk } from "./home";
export type { DialPlan, Flag, NormalizedNumber, NumberType, OwnNumbers } from "./types";
