/** Test support: a home and a Fritz!Box in two network namespaces joined by a cable, for what loopback cannot show. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./node-red-server";
import { until } from "./wait";

/** Runs a shell script that ends with the first failure. */
export const sh = (command: string) => spawnSync("sh", ["-ec", command], { encoding: "utf8" });

/** Why namespaces with a packet filter cannot be had here, or undefined. */
export function namespacesMissing(): string | undefined {
  if (process.platform !== "linux") return "network namespaces exist on Linux only";
  for (const tool of ["ip", "nft"]) if (sh(`command -v ${tool}`).status !== 0) return `the command ${tool} is missing`;
  const name = `fritztry${process.pid}`;
  const trial = sh(
    `ip netns add ${name} && ip netns exec ${name} nft add table inet t; s=$?; ip netns del ${name}; exit $s`,
  );
  return trial.status === 0 ? undefined : "this machine does not allow network namespaces with a packet filter";
}

/** Two namespaces; the box has the second address of a network of its own. */
export class CabledNetwork {
  readonly home: string;
  readonly far: string;
  readonly boxAddress: string;

  /** `subnet`: "10.77.12"; the tests that use it run at the same time as others. */
  constructor(private readonly subnet: string) {
    const [, , number = ""] = subnet.split(".");
    [this.home, this.far] = [`fritzhome${number}-${process.pid}`, `fritzbox${number}-${process.pid}`];
    this.boxAddress = `${subnet}.2`;
  }

  /** Makes them, and a cable between them. */
  build(): void {
    const { home, far, subnet } = this;
    const made = sh(`
      ip netns add ${home}; ip netns add ${far}
      ip link add fzh netns ${home} type veth peer name fzb netns ${far}
      ip -n ${home} addr add ${subnet}.1/24 dev fzh; ip -n ${far} addr add ${subnet}.2/24 dev fzb
      for n in ${home} ${far}; do ip -n $n link set lo up; done
      ip -n ${home} link set fzh up; ip -n ${far} link set fzb up`);
    assert.equal(made.status, 0, made.stderr);
  }

  /** Loads rules into the packet filter of one of them. */
  filter(namespace: string, rules: string): void {
    const { status, stderr } = sh(`ip netns exec ${namespace} nft -f - <<'END'\n${rules}\nEND`);
    assert.equal(status, 0, stderr);
  }

  /** The simulated box in its namespace, told what to do through its prompt. It listens, and what it says can be heard. */
  async switchOn(...more: string[]): Promise<ChildProcess> {
    const cli = join(root, "dist/simulator/cli.js");
    const args = ["netns", "exec", this.far, process.execPath, cli, "--host", this.boxAddress, ...more];
    const box = spawn("ip", args, { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    box.stdout.on("data", (data) => (said += String(data)));
    await until("the box", () => said.includes("call monitor on"));
    return box;
  }

  remove(): void {
    sh(`ip netns del ${this.home}; ip netns del ${this.far}`);
  }
}
