/** The User-Agent header of requests to services. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../core/package-root";

const { name, version, repository } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as {
  name: string;
  version: string;
  repository: { url: string };
};

/** Name, version and an address for complaints: operators group their statistics by it. */
export const USER_AGENT = `${name}/${version} (+${repository.url.replace(/^git\+|\.git$/g, "")})`;
