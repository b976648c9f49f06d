// A subject in a process of its own, and the questions that the bench asks it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const running = new Set();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL"))); // a run that breaks off leaves nothing behind

export class Subject {
  ticks = [];
  onTick = undefined;
  /** The end of what a listener wrote to stderr. */
  lastWords = "";
  #questions = new Map();
  #next = 0;
  #reached = undefined;
  #ended = undefined;

  constructor(name, child) {
    this.name = name;
    this.child = child;
    running.add(child);
    child.once("exit", (code, signal) => {
      running.delete(child);
      this.#ended = `${name} ended (${code ?? signal})`;
      for (const { reject } of this.#questions.values()) reject(new Error(this.#ended));
    });
    child.on("message", (message) => this.#hear(message));
  }

  /** Starts a listener with the subject's library; `through` is a command that it is run through. */
  static listener(name, through = []) {
    const file = join(import.meta.dirname, "listener.cjs");
    const child = forkThrough(file, [name], through, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const subject = new Subject(name, child);
    child.stderr.on("data", (text) => (subject.lastWords = `${subject.lastWords}${text}`.slice(-2_000)));
    return subject;
  }

  get ended() {
    return this.#ended !== undefined;
  }

  ask(task, args) {
    if (this.#ended) return Promise.reject(new Error(this.#ended));
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#questions.set(id, { resolve, reject }));
    this.child.send({ id, task, args });
    return answer;
  }

  /** What is to be done with what it tells from now on; resolves when it is so. */
  async mode(wanted = {}) {
    this.ticks = [];
    await this.ask("mode", wanted);
  }

  /** Resolves with the moment (ms) at which `until` of the mode was reached; undefined if it was not in time. */
  reached(limitMs) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), limitMs);
      this.#reached = (atMs) => (clearTimeout(timer), resolve(atMs));
    });
  }

  async stop() {
    if (this.#ended) return;
    const end = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
    await end;
    clearTimeout(timer);
  }

  #hear(message) {
    if (message.tick !== undefined) {
      this.ticks.push(message);
      this.onTick?.(message);
    } else if (message.reached !== undefined) this.#reached?.(message.reached);
    else if (message.id !== undefined) {
      const { resolve, reject } = this.#questions.get(message.id) ?? {};
      this.#questions.delete(message.id);
      if (message.error === undefined) resolve?.(message.result);
      else reject?.(new Error(`${this.name}: ${message.error}`));
    }
  }
}

/** A Node.js process with a channel to the bench, run through another command, such as one that changes the network. */
export function forkThrough(file, args, [command, ...before], options) {
  const execArgv = ["--expose-gc"];
  if (command === undefined) return fork(file, args, { execArgv, ...options });
  return fork(file, args, { ...options, execPath: command, execArgv: [...before, process.execPath, ...execArgv] });
}
