/** A user of its own for this package at the box, who may use the telephony and nothing else (X_AVM-DE_AppSetup). */
import { isBroken } from "../telephony/uncertain";
import { randomInt } from "node:crypto";
import { FritzError } from "../core/errors";
import { confirmedToken, type ConfirmationOptions } from "../tr064/second-factor";
import { BoxService, type Results, type Tr064 } from "../tr064/service";

export interface AppUser {
  username: string;
  password: string;
}

export interface AppUserOptions extends ConfirmationOptions {
  /** Logged in as somebody who may create users. */
  client: Tr064;
  /** Letters and digits; a user that was created with the same one before is replaced. */
  appId: string;
  /** A client that logs in with other credentials, to try the new ones. */
  logIn: (user: AppUser) => Tr064;
}

const LOWER = "abcdefghijkmnopqrstuvwxyz";
const UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS = "23456789";
const SPECIAL = "-_.!";
const PASSWORD_LENGTH = 24;

/** UPnP codes of `RegisterApp`: too many apps; who asks may not create one. */
const TOO_MANY = 835;
const NOT_ALLOWED = [606, 836, 838, 839, 840];

/** Creates the user, asks for the second factor only where the box wants it, and tries whether the user may do what it must. */
export async function createAppUser(options: AppUserOptions): Promise<AppUser> {
  const { client } = options;
  const setup = new BoxService(client, "X_AVM-DE_AppSetup:1");
  const user = newUser(await setup.call("GetInfo"));
  let failure: FritzError | undefined;
  try {
    failure = await register(setup, user, options);
  } catch (error) {
    throw explained(error);
  }
  // What an answer that did not come would have said, a login says.
  const rights = await tried(options.logIn(user));
  if (rights?.("NewPhoneRight") !== "RW") throw failure ?? new FritzError("app-user-kept");
  return user;
}

/** Gives the failure after which it is not known whether the user was created. */
async function register(setup: BoxService, user: AppUser, options: AppUserOptions): Promise<FritzError | undefined> {
  const values = {
    ...{ NewAppId: options.appId, NewAppDisplayName: "Node-RED fritz-calls", NewAppDeviceMAC: "" },
    ...{ NewAppUsername: user.username, NewAppPassword: user.password, NewAppRight: "NO", NewNasRight: "NO" },
    ...{ NewPhoneRight: "RW", NewHomeautoRight: "NO", NewAppInternetRights: "0" },
  };
  const once = async (token?: string) => {
    try {
      await setup.call("RegisterApp", values, token);
    } catch (error) {
      if (!isBroken(error)) throw error;
      return error;
    }
    return undefined;
  };
  try {
    return await once();
  } catch (error) {
    if (!(error instanceof FritzError) || error.code !== "box-second-factor") throw error;
    return once(await confirmedToken(options.client, options, "RegisterApp"));
  }
}

async function tried(client: Tr064): Promise<Results | undefined> {
  try {
    return await new BoxService(client, "X_AVM-DE_AppSetup:1").call("GetConfig");
  } catch (error) {
    if (error instanceof FritzError && error.code === "box-login") return undefined;
    throw error;
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof FritzError)) return error;
  const upnpCode = Number(error.values["upnpCode"]);
  if (upnpCode === TOO_MANY) return new FritzError("app-user-limit");
  return NOT_ALLOWED.includes(upnpCode) ? new FritzError("app-user-refused") : error;
}

const pick = (letters: string) => letters[randomInt(letters.length)] ?? "";
const several = (letters: string, count: number) => Array.from({ length: count }, () => pick(letters)).join("");

/** An unused name, and a password with one of each kind of letters, as long as the box allows. */
function newUser(rules: Results): AppUser {
  const longest = Number(rules("NewMaxCharsAppPassword")) || PASSWORD_LENGTH;
  const allowed = rules("NewAllowedCharsAppPassword");
  const special = [...SPECIAL].filter((one) => allowed === "" || allowed.includes(one)).join("") || SPECIAL;
  const most = Math.max(8, Math.min(PASSWORD_LENGTH, longest));
  const rest = several(LOWER + UPPER + DIGITS, most - 4);
  const letters = [...rest, pick(LOWER), pick(UPPER), pick(DIGITS), pick(special)];
  for (let i = letters.length - 1; i > 0; i--) {
    const other = randomInt(i + 1);
    [letters[i], letters[other]] = [letters[other] ?? "", letters[i] ?? ""];
  }
  return { username: `nodered${several(LOWER, 6)}`, password: letters.join("") };
}
