/** Simulator, TR-064: X_AVM-DE_AppSetup: an app's own restricted user. */
import { action, type Args, type Values } from "../action";
import { UpnpError } from "../soap";
import type { BoxState } from "../state";
import type { Rights } from "../state-types";
import type { Access } from "../state-types";
import { service } from "./device";

const ANY_RIGHT = { right: ["config", "phone", "nas", "homeAuto"] } as const;
const LEVELS: Record<string, Access | undefined> = {
  NO: "none",
  RO: "readonly",
  RW: "readwrite",
  UNDEFINED: undefined,
};
const NAMES: Record<Access, string> = { none: "NO", readonly: "RO", readwrite: "RW" };
const MOST_APPS = 10;

/** What is allowed for a text: shortest, longest, which characters, and the three codes when it is not so. */
const RULES: Record<string, [min: number, max: number, allowed: RegExp, codes: [number, number, number]]> = {
  NewAppId: [1, 256, /^[0-9A-Za-z]*$/, [821, 822, 823]],
  NewAppDisplayName: [1, 256, /^[\x20-\x7e]*$/, [824, 825, 826]],
  NewAppUsername: [1, 32, /^([A-Za-z][0-9A-Za-z]*)?$/, [828, 829, 830]],
  NewAppPassword: [8, 32, /^[\x20-\x7e]*$/, [832, 833, 834]],
};
const PASSWORD_PARTS = [/\d/, /[A-Z]/, /[a-z]/, /[^0-9A-Za-z]/];

function check(args: Args): void {
  for (const [name, [min, max, allowed, [short, long, characters]]] of Object.entries(RULES)) {
    const text = args.text(name);
    if (text.length < min) throw new UpnpError(short);
    if (text.length > max) throw new UpnpError(long);
    if (!allowed.test(text)) throw new UpnpError(characters);
  }
  if (!PASSWORD_PARTS.every((part) => part.test(args.text("NewAppPassword")))) throw new UpnpError(834);
  if (!/^([0-9a-f]{2}(:[0-9a-f]{2}){5})?$/i.test(args.text("NewAppDeviceMAC"))) throw new UpnpError(827);
}

const lower = (a: Access, b: Access): Access => {
  const order: Access[] = ["none", "readonly", "readwrite"];
  return order[Math.min(order.indexOf(a), order.indexOf(b))] ?? "none";
};

/** Rights = what was asked for, as far as the caller has it. */
function rightsOf(args: Args, state: BoxState, user: string): Rights {
  const one = (name: string, right: keyof Rights): Access => {
    const text = args.text(name);
    if (!Object.hasOwn(LEVELS, text)) throw new UpnpError(803);
    return lower(LEVELS[text] ?? "none", state.accessOf(user, right));
  };
  return {
    ...{ app: one("NewAppRight", "app"), nas: one("NewNasRight", "nas") },
    ...{ phone: one("NewPhoneRight", "phone"), homeAuto: one("NewHomeautoRight", "homeAuto") },
  };
}

function register(args: Args, state: BoxState, user: string): void {
  check(args);
  const caller = state.users.find(({ name }) => name === user);
  if (caller?.appId !== undefined) throw new UpnpError(838);
  const [appId, name, password] = ["NewAppId", "NewAppUsername", "NewAppPassword"].map((field) => args.text(field));
  const others = state.users.filter((one) => one.appId !== appId);
  if (others.some((one) => one.name.toLowerCase() === name?.toLowerCase())) throw new UpnpError(831);
  if (others.filter((one) => one.appId !== undefined).length >= MOST_APPS) throw new UpnpError(835);
  const rights = rightsOf(args, state, user);
  if (Object.values(rights).every((access) => access === "none")) throw new UpnpError(836);
  state.users = [...others, { name: name ?? "", password: password ?? "", rights, appId: appId ?? "" }];
}

function config(state: BoxState, user: string): Values {
  const right = (name: keyof Rights) => NAMES[state.accessOf(user, name)];
  return {
    ...{ NewConfigRight: right("config"), NewAppRight: right("app"), NewNasRight: right("nas") },
    ...{ NewPhoneRight: right("phone"), NewDialRight: right("dial"), NewHomeautoRight: right("homeAuto") },
    ...{ NewInternetRights: 0, NewAccessFromInternet: 0 },
  };
}

const RIGHTS = { allowed: ["NO", "RO", "RW", "UNDEFINED"] };

/** The service. */
export const APP_SETUP = service(
  "X_AVM-DE_AppSetup",
  "x_appsetup",
  {
    GetInfo: action(
      "",
      Object.keys(RULES)
        .map((name) => name.slice("NewApp".length))
        .flatMap((name) => [`NewMinCharsApp${name}:ui2`, `NewMaxCharsApp${name}:ui2`, `NewAllowedCharsApp${name}`])
        .join(" "),
      () => {
        const given = Object.entries(RULES).map(([name, [min, max]]): Values => {
          const part = name.slice("New".length);
          return { [`NewMinChars${part}`]: min, [`NewMaxChars${part}`]: max, [`NewAllowedChars${part}`]: "" };
        });
        return Object.assign({}, ...given) as Values;
      },
      { right: "login" },
    ),
    GetConfig: action(
      "",
      "NewConfigRight NewAppRight NewNasRight NewPhoneRight NewDialRight NewHomeautoRight NewInternetRights:boolean NewAccessFromInternet:boolean",
      (_, { state, user }) => config(state, user),
      { right: "login" },
    ),
    RegisterApp: action(
      "NewAppId NewAppDisplayName NewAppDeviceMAC NewAppUsername NewAppPassword NewAppRight NewNasRight NewPhoneRight NewHomeautoRight NewAppInternetRights:boolean",
      "",
      (args, { state, user }) => register(args, state, user),
      { ...ANY_RIGHT, writes: true },
    ),
  },
  {
    ...{ AppRight: RIGHTS, NasRight: RIGHTS, PhoneRight: RIGHTS, HomeautoRight: RIGHTS, DialRight: RIGHTS },
    ConfigRight: RIGHTS,
  },
);
