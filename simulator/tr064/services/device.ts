/** Simulator, TR-064: the services about the box itself: device, security, second factor, and those without actions here. */
import { action, OPEN, type Action, type Args, type Service, type Values, type Variable } from "../action";
import { UpnpError } from "../soap";
import type { BoxState } from "../state";
import type { Rights } from "../state-types";
import type { Access } from "../state-types";
import { element, escapeXml } from "../xml";

const CONFIG = { right: ["config"] } as const;
const LOGIN = { right: "login" } as const;
const ANY_RIGHT = { right: ["config", "app", "phone", "nas", "homeAuto"] } as const;

/** `urn:dslforum-org:service:<name>:1` and its addresses. */
export function service(
  name: string,
  path: string,
  actions: Record<string, Action>,
  variables: Readonly<Record<string, Variable>> = {},
): Service {
  return {
    type: `urn:dslforum-org:service:${name}:1`,
    id: `urn:${name}-com:serviceId:${name}1`,
    control: `/upnp/control/${path}`,
    scpd: `/${path}SCPD.xml`,
    actions,
    variables,
  };
}

const DEVICE_INFO = [
  ...["NewManufacturerName", "NewManufacturerOUI", "NewModelName", "NewDescription", "NewProductClass"],
  ...["NewSerialNumber", "NewSoftwareVersion", "NewHardwareVersion", "NewSpecVersion", "NewProvisioningCode"],
  ...["NewUpTime:ui4", "NewDeviceLog"],
].join(" ");

function deviceInfo({ model, now }: BoxState, startedAt: number): Values {
  return {
    NewManufacturerName: "AVM",
    NewManufacturerOUI: model.serial.slice(0, 6),
    NewModelName: model.name,
    NewDescription: `${model.name} ${model.firmware}`,
    NewProductClass: model.name,
    NewSerialNumber: model.serial,
    NewSoftwareVersion: model.firmware,
    NewHardwareVersion: model.name,
    NewSpecVersion: "1.0",
    NewProvisioningCode: "",
    NewUpTime: Math.max(0, Math.floor((now().getTime() - startedAt) / 1000)),
    NewDeviceLog: "",
  };
}

const deviceInfoService = service("DeviceInfo", "deviceinfo", {
  GetInfo: action("", DEVICE_INFO, (_, { state, startedAt }) => deviceInfo(state, startedAt), CONFIG),
  GetSecurityPort: action("", "NewSecurityPort:ui2", (_, { tlsPort }) => ({ NewSecurityPort: tlsPort }), OPEN),
  GetDeviceLog: action("", "NewDeviceLog", () => ({ NewDeviceLog: "" }), CONFIG),
});

const deviceConfigService = service("DeviceConfig", "deviceconfig", {
  "X_AVM-DE_CreateUrlSID": action(
    "",
    "NewX_AVM-DE_UrlSID",
    (_, { newSid }) => ({ "NewX_AVM-DE_UrlSID": `sid=${newSid()}` }),
    ANY_RIGHT,
  ),
});

function userList({ users, lastUser }: BoxState): string {
  const names = users.map(
    ({ name }) => `<Username last_user="${name === lastUser ? 1 : 0}">${escapeXml(name)}</Username>`,
  );
  return `<List>${names.join("")}</List>`;
}

const PATHS: [path: string, right: keyof Rights][] = [
  ["BoxAdmin", "config"],
  ["Phone", "phone"],
  ["Dial", "dial"],
  ["NAS", "nas"],
  ["HomeAuto", "homeAuto"],
];

function rightsOf(state: BoxState, user: string): string {
  const one = ([path, right]: [string, keyof Rights]) => {
    const access: Access = state.accessOf(user, right);
    return element("path", path) + element("access", access);
  };
  return `<rights>${PATHS.map(one).join("")}</rights>`;
}

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

const lanConfigSecurity = service("LANConfigSecurity", "lanconfigsecurity", {
  GetInfo: action(
    "",
    "NewMaxCharsPassword:ui2 NewMinCharsPassword:ui2 NewAllowedCharsPassword",
    () => ({ NewMaxCharsPassword: 32, NewMinCharsPassword: 0, NewAllowedCharsPassword: CHARACTERS }),
    OPEN,
  ),
  "X_AVM-DE_GetAnonymousLogin": action(
    "",
    "NewX_AVM-DE_AnonymousLoginEnabled:boolean NewX_AVM-DE_ButtonLoginEnabled:boolean",
    (_, { state }) => ({
      "NewX_AVM-DE_AnonymousLoginEnabled": state.anonymousLogin ? 1 : 0,
      "NewX_AVM-DE_ButtonLoginEnabled": 0,
    }),
    OPEN,
  ),
  "X_AVM-DE_GetCurrentUser": action(
    "",
    "NewX_AVM-DE_CurrentUsername NewX_AVM-DE_CurrentUserRights",
    (_, { state, user }) => ({
      "NewX_AVM-DE_CurrentUsername": user,
      "NewX_AVM-DE_CurrentUserRights": rightsOf(state, user),
    }),
    LOGIN,
  ),
  "X_AVM-DE_GetUserList": action(
    "",
    "NewX_AVM-DE_UserList",
    (_, { state }) => ({ "NewX_AVM-DE_UserList": userList(state) }),
    OPEN,
  ),
});

function setConfig(args: Args, { secondFactor }: BoxState): Values {
  const wanted = args.text("NewAction");
  if (wanted !== "start" && wanted !== "stop") throw new UpnpError(600);
  const { token, state } = wanted === "start" ? secondFactor.start() : secondFactor.stop();
  return { NewToken: token, NewState: state, NewMethods: secondFactor.methods };
}

const authService = service("X_AVM-DE_Auth", "x_auth", {
  GetInfo: action(
    "",
    "NewEnabled:boolean",
    (_, { state }) => ({ NewEnabled: state.secondFactor.enabled ? 1 : 0 }),
    LOGIN,
  ),
  GetState: action("", "NewState", (_, { state, token }) => ({ NewState: state.secondFactor.stateFor(token) }), LOGIN),
  SetConfig: action("NewAction", "NewToken NewState NewMethods", (args, { state }) => setConfig(args, state), LOGIN),
});

/** What every box has. */
export const DEVICE_SERVICES: Service[] = [deviceInfoService, deviceConfigService, lanConfigSecurity, authService];
