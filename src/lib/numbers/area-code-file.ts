/**
 * Reads the German area codes from a file in the Federal Network Agency's format, and rejects incomplete
 * lists.
 */
import { FritzError } from "../core/errors";
import type { AreaCodes } from "./types";

/** The cells of a row and its place in the file, from 1. */
export interface Row {
  line: number;
  cells: readonly string[];
}

/** As the Federal Network Agency names its columns. */
const COLUMNS = ["Ortsnetzkennzahl", "Ortsnetzname", "KennzeichenAktiv"] as const;
/** There are 5200 codes. A truncated file would flag whole regions as fake. */
const LEAST_CODES = 5000;
const CODE = /^[2-9]\d{1,4}$/;

/**
 * Reads the authority's list ("NVONB.INTERNET.….ONB"): a header, then code without 0, town, 1 (in use) or 0. More columns
 * may follow. Throws a `FritzError` that names the line and its column.
 */
export function readAreaCodes([header, ...rows]: readonly Row[]): AreaCodes {
  const places = COLUMNS.map((column) => header?.cells.findIndex((cell) => isColumn(cell, column)) ?? -1);
  const missing = COLUMNS.find((_, i) => (places[i] ?? -1) < 0);
  if (missing !== undefined) throw badLine(header?.line ?? 1, missing);
  const areas = new Map<string, string>();
  const former = new Map<string, string>();
  for (const { line, cells } of rows) {
    const [code = "", town = "", use = ""] = places.map((place) => cells[place]?.trim() ?? "");
    if (!CODE.test(code) || areas.has(code) || former.has(code)) throw badLine(line, COLUMNS[0]);
    if (town === "") throw badLine(line, COLUMNS[1]);
    if (!/^[01]$/.test(use)) throw badLine(line, COLUMNS[2]);
    (use === "1" ? areas : former).set(code, town);
  }
  if (areas.size < LEAST_CODES) throw new FritzError("onb-incomplete", { count: areas.size });
  return { areas, former };
}

const isColumn = (cell: string, column: string) => cell.trim().toLowerCase() === column.toLowerCase();

function badLine(line: number, column: string): FritzError {
  return new FritzError("onb-line", { line, column });
}
