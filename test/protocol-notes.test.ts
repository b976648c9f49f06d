/** The notes on the protocols: what code and documents cite is there. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSources } from "./support/source-rules";

const ROOT = join(__dirname, "..");
const NOTES = "docs/protocol/";

interface Citation {
  from: string;
  note: string;
  heading: string;
}

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

function anchorsOf(note: string): string[] {
  return [...readFileSync(join(ROOT, note), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    anchorOf(heading),
  );
}

function citationsIn(from: string, text: string): Citation[] {
  return [...text.matchAll(/docs\/protocol\/([\w-]+\.md)(?:#([\w-]+))?/g)].map(([, file, heading = ""]) => ({
    from,
    note: `${NOTES}${file}`,
    heading,
  }));
}

const citations = [...readSources(ROOT, "src", "simulator", "test")].flatMap(([path, text]) =>
  path === "test/protocol-notes.test.ts" ? [] : citationsIn(path, text),
);

describe("the notes on the protocols", () => {
  it("have each section that the code cites", () => {
    const broken = citations.filter(
      ({ note, heading }) => !existsSync(join(ROOT, note)) || !anchorsOf(note).includes(heading),
    );
    assert.deepEqual(broken, [], "a citation names the file and its heading: docs/protocol/tr064.md#errors");
  });

  it("are each cited by the code", () => {
    const cited = new Set(citations.map(({ note }) => note));
    const notes = readdirSync(join(ROOT, NOTES)).map((file) => `${NOTES}${file}`);
    assert.deepEqual([...cited].sort(), notes.sort());
  });

  it("are not cited as something that is not in this project", () => {
    const vague = [...readSources(ROOT, "src", "simulator")].filter(([, text]) =>
      /\b(acting|protocol) notes\b|\bsee facts\b/i.test(text),
    );
    assert.deepEqual(
      vague.map(([path]) => path),
      [],
    );
  });

  it("link only to what exists", () => {
    for (const file of readdirSync(join(ROOT, NOTES))) {
      const text = readFileSync(join(ROOT, NOTES, file), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        assert.ok(existsSync(join(ROOT, NOTES, target)), `${file} links to ${target}`);
      }
      for (const [, number = ""] of text.matchAll(/\bdecision (\d{4})\b/g)) {
        assert.ok(
          readdirSync(join(ROOT, "docs/decisions")).some((name) => name.startsWith(number)),
          `${file} names decision ${number}`,
        );
      }
      for (const [, path = ""] of text.matchAll(/`(src\/[\w./-]+)`/g)) {
        assert.ok(existsSync(join(ROOT, path)), `${file} names ${path}`);
      }
    }
  });

  it("are found by their anchors as GitHub writes them", () => {
    assert.equal(anchorOf("Answering machines (X_AVM-DE_TAM:1)"), "answering-machines-x_avm-de_tam1");
    assert.deepEqual(citationsIn("a.ts", "see docs/protocol/tr064.md#errors."), [
      { from: "a.ts", note: "docs/protocol/tr064.md", heading: "errors" },
    ]);
  });
});
