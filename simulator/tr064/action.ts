/** Simulator, TR-064: definition of actions: arguments, required right, and effect. */
import { UpnpError } from "./soap";
import type { BoxState } from "./state";
import type { Rights } from "./state-types";

/** An argument as the service description lists it. */
export interface Arg {
  name: string;
  type: string;
  optional: boolean;
}

/** Effects of actions outside TR-064. */
export interface BoxHooks {
  /** The dialling aid dials. */
  dial(number: string): void | Promise<void>;
  /** The dialling aid's call ends. */
  hangUp(): void;
}

/** Context of an action. */
export interface ActionContext {
  state: BoxState;
  hooks: BoxHooks;
  /** "" on a box without password. */
  user: string;
  token: string | undefined;
  tlsPort: number;
  startedAt: number;
  /** Full address of a download, with a new session id as `sid`. */
  downloadUrl: (path: string, query: string) => string;
  newSid: () => string;
}

export type Values = Record<string, string | number>;

/** An action of a service. */
export interface Action {
  in: Arg[];
  out: Arg[];
  /** "open" = without login, "login" = any user, else one of these rights. */
  right: "open" | "login" | readonly (keyof Rights)[];
  writes: boolean;
  /** Asks for the second factor. */
  protected: boolean;
  run(args: Args, context: ActionContext): Values | void | Promise<Values | void>;
}

/** A state variable in a service description, besides its type. */
export interface Variable {
  allowed?: readonly string[];
  /** Least, most, step. */
  range?: readonly [min: number, max: number, step: number];
  ifMissing?: string;
}

/** A service of the box. */
export interface Service {
  type: string;
  id: string;
  control: string;
  scpd: string;
  actions: Record<string, Action>;
  /** By name, without "New"; those without anything special are left out. */
  variables: Readonly<Record<string, Variable>>;
}

export interface ActionOptions {
  right?: Action["right"];
  writes?: boolean;
  protected?: boolean;
}

/** "NewIndex:ui2 NewName NewExtra?" -> arguments; without a type they are strings, ? = may be left out. */
function readArgs(list: string): Arg[] {
  return list
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [name = "", type = "string"] = word.replace("?", "").split(":");
      return { name, type, optional: word.includes("?") };
    });
}

/** Makes the functions that write down actions of a service: `[in, out, what it does, options]`. */
export function action(
  takes: string,
  gives: string,
  run: Action["run"],
  { right = ["phone"], writes = false, protected: isProtected = false }: ActionOptions = {},
): Action {
  return { in: readArgs(takes), out: readArgs(gives), right, writes, protected: isProtected, run };
}

/** Writes with the phone right. */
export const WRITES: ActionOptions = { writes: true };
/** Without login. */
export const OPEN: ActionOptions = { right: "open" };

/** The arguments of a call, checked against the action: names without regard to case, as boxes take them. */
export class Args {
  private readonly values = new Map<string, string>();

  /** Throws 402 when the arguments are not those of the action. */
  constructor(expected: readonly Arg[], given: readonly [name: string, value: string][]) {
    const known = new Set(expected.map(({ name }) => name.toLowerCase()));
    for (const [name, value] of given) {
      const key = name.toLowerCase();
      if (!known.has(key) || this.values.has(key)) throw new UpnpError(402);
      this.values.set(key, value);
    }
    for (const { name, optional } of expected) {
      if (!optional && !this.values.has(name.toLowerCase())) throw new UpnpError(402);
    }
  }

  /** "" when left out. */
  text(name: string): string {
    return this.values.get(name.toLowerCase()) ?? "";
  }

  /** Throws 600 when it is no whole number. */
  index(name: string): number {
    const text = this.text(name).trim();
    if (!/^\d{1,9}$/.test(text)) throw new UpnpError(600);
    return Number(text);
  }

  /** Throws 600 when it is neither 0 nor 1. */
  flag(name: string): boolean {
    const value = this.index(name);
    if (value > 1) throw new UpnpError(600);
    return value === 1;
  }
}
