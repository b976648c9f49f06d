/** One home for a default: what a node's form saves is what its runtime takes for a property that is missing. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readNodeHtmls } from "./support/node-html";
import { root } from "./support/node-red-server";

describe("defaults", () => {
  const forms = readNodeHtmls();
  const load = createRequire(__filename);

  it("are compared for every node", () => assert.ok(forms.length >= 11, `${forms.length} forms`));

  for (const { set, definition } of forms) {
    const path = join(root, "src/nodes", set, "definition.ts");

    it(`of ${set}: the form's are the runtime's`, () => {
      assert.ok(existsSync(path), `${set} has no definition.ts`);
      const { DEFAULTS } = load(path) as { DEFAULTS: object };
      const { name, box, ...own } = definition.defaults;
      assert.equal(name, "");
      if (box !== undefined) assert.equal(box, "");
      assert.deepEqual(own, JSON.parse(JSON.stringify(DEFAULTS)));
    });
  }
});
