/**
 * Loads numbering data from disk: the built-in data with the first number, a user's own area codes on
 * request.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRegularFile } from "../core/bounded-file";
import { FritzError, systemCode } from "../core/errors";
import { PACKAGE_ROOT } from "../core/package-root";
import type { PlanData } from "./plans";
import type { AreaCodes, Country, NumberingData, NumberRange } from "./types";

// Reads the German area codes from a file in the Federal Network Agency's format, and rejects incomplete lists.

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
function readAreaCodes([header, ...rows]: readonly Row[]): AreaCodes {
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

/** Written by the build. */
const BUILT = join(PACKAGE_ROOT, "dist/lib/data/numbering.json");
const PLANS = join(PACKAGE_ROOT, "data/plans.jsonl");
/** The authority's list has 115 kB. */
const MOST_BYTES = 4 * 1024 * 1024;
/** An end of file as CP/M wrote it: the authority's last line. */
const CONTROL_Z = "\u001a";

/** Codes and names by turns, with tabs in between: "30\tBerlin\t40\tHamburg". */
type PackedTable = string;

interface Built {
  areas: PackedTable;
  former: PackedTable;
  ranges: Record<string, NumberRange>;
  operators: PackedTable;
  towns: Record<string, PackedTable>;
  countries: Record<string, Country>;
}

const mapOf = <T>(table: Record<string, T>): ReadonlyMap<string, T> => new Map(Object.entries(table));

function unpacked(table: PackedTable): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const cells = table === "" ? [] : table.split("\t");
  for (let i = 0; i < cells.length; i += 2) names.set(cells[i] ?? "", cells[i + 1] ?? "");
  return names;
}

/** Loads the built-in data synchronously, in about 1 ms. Throws only if the installation is damaged. */
export function loadNumberingData(): NumberingData {
  const { areas, former, ranges, operators, towns, countries } = JSON.parse(readFileSync(BUILT, "utf8")) as Built;
  return {
    areas: unpacked(areas),
    former: unpacked(former),
    ranges: mapOf(ranges),
    operators: unpacked(operators),
    towns: new Map(Object.entries(towns).map(([country, table]) => [country, unpacked(table)])),
    countries: mapOf(countries),
  };
}

let planLines: string | undefined;

/** The numbering plans behind a calling code; undefined if there is none. Read synchronously, each line when it is needed. */
export function readPlans(callingCode: string): readonly PlanData[] | undefined {
  planLines ??= readFileSync(PLANS, "utf8");
  const start = planLines.indexOf(`{"code":${JSON.stringify(callingCode)},`);
  if (start < 0) return undefined;
  const line = planLines.slice(start, planLines.indexOf("\n", start));
  return (JSON.parse(line) as { plans: PlanData[] }).plans;
}

/**
 * Reads a list of area codes in the authority's format: UTF-8 or Latin-1, with or without BOM, CRLF, quotes and a final 0x1A.
 * Rejects with a `FritzError` (`onb-…`) that names the line if there is one.
 */
export async function readAreaCodeFile(path: string): Promise<AreaCodes> {
  return readAreaCodes(rowsOf(textOf(await readBytes(path))));
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path, MOST_BYTES);
  } catch (error) {
    const detail = systemCode(error);
    throw detail === "ENOENT" ? new FritzError("onb-missing") : new FritzError("onb-unreadable", { detail });
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes); // Latin-1 and what Windows adds to it
  }
}

function rowsOf(text: string): Row[] {
  const end = text.indexOf(CONTROL_Z);
  const rows: Row[] = [];
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- not on the way of those who have no such file
  const { parse } = require("csv-parse/sync") as typeof import("csv-parse/sync");
  try {
    parse(end < 0 ? text : text.slice(0, end), {
      delimiter: ";",
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
      on_record: (cells: string[], { lines }) => void rows.push({ line: lines, cells }),
    });
  } catch (error) {
    const { lines } = error as { lines?: unknown };
    throw new FritzError("onb-line", { line: typeof lines === "number" ? lines : 1, column: '"' });
  }
  return rows;
}
