/** Presets of the rules of `fritz-block`. Pure. */

/** The rules that a preset sets; lists and quiet hours are not changed. */
export interface PresetRules {
  minScore: number;
  minReports: number;
  blockFake: boolean;
  blockAnonymous: boolean;
  repeatCalls: number;
}

export const PRESETS = {
  careful: { minScore: 9, minReports: 10, blockFake: true, blockAnonymous: false, repeatCalls: 0 },
  recommended: { minScore: 7, minReports: 3, blockFake: true, blockAnonymous: false, repeatCalls: 0 },
  strict: { minScore: 6, minReports: 1, blockFake: true, blockAnonymous: true, repeatCalls: 3 },
} as const satisfies Record<string, PresetRules>;

export type PresetName = keyof typeof PRESETS;

/** The preset that matches the rules, or "own". Numbers may be texts, as fields hold them. */
export function presetOf(rules: { readonly [rule in keyof PresetRules]: unknown }): PresetName | "own" {
  const names = Object.keys(PRESETS) as PresetName[];
  const isSame = (name: PresetName) =>
    Object.entries(PRESETS[name]).every(([rule, value]) => String(rules[rule as keyof PresetRules]) === String(value));
  return names.find(isSame) ?? "own";
}
