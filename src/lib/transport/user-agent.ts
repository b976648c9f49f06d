/** L2 transport: how we introduce ourselves to services. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { name, version, repository } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"),
) as { name: string; version: string; repository: { url: string } };

/** Name, version and where to complain: operators group their statistics by it. */
export const USER_AGENT = `${name}/${version} (+${repository.url.replace(/^git\+|\.git$/g, "")})`;
