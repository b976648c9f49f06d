/** Simulator, TR-064: the device description and the service descriptions, all readable without login. */
import type { Action, Service, Variable } from "./action";
import { APP_SETUP } from "./services/app-setup";
import { DECT } from "./services/dect";
import { DEVICE_SERVICES } from "./services/device";
import { GUEST_WLAN, HOST_SERVICE, WAN_IP } from "./services/home-network";
import { ONTEL } from "./services/ontel";
import { TAM } from "./services/tam";
import { VOIP } from "./services/voip";
import { IGD_SERVICES, WAN } from "./services/wan";
import type { BoxState } from "./state";
import { element } from "./xml";

const PROLOG = '<?xml version="1.0"?>\n';
const SPEC_VERSION = "<specVersion>\n<major>1</major>\n<minor>0</minor>\n</specVersion>\n";

/** The services of this box. */
function servicesOf({ telephony }: BoxState): Service[] {
  const all = [...DEVICE_SERVICES, APP_SETUP, WAN, WAN_IP, HOST_SERVICE, GUEST_WLAN];
  return telephony ? [...all, VOIP, ONTEL, TAM, DECT] : all;
}

/** With those for UPnP clients: all services with an address. */
export function addressedServices(state: BoxState): Service[] {
  return [...servicesOf(state), ...IGD_SERVICES];
}

/** The actions of a service on this box. */
export function actionsOf(service: Service, { missingActions }: BoxState): [name: string, action: Action][] {
  return Object.entries(service.actions).filter(([name]) => !missingActions.has(name));
}

function systemVersion({ model }: BoxState): string {
  if (!model.hasVersion) return "";
  const [major = "", minor = "", patch = ""] = model.firmware.split(".");
  const fields = [
    element("HW", model.hardware),
    element("Major", Number(major)),
    element("Minor", Number(minor)),
    element("Patch", patch),
    element("Buildnumber", model.buildNumber),
    element("Display", model.firmware),
  ];
  return `<systemVersion>\n${fields.join("\n")}\n</systemVersion>\n`;
}

function serviceItem({ type, id, control, scpd }: Service): string {
  const fields = [
    element("serviceType", type),
    element("serviceId", id),
    element("controlURL", control),
    element("eventSubURL", control),
    element("SCPDURL", scpd),
  ];
  return `<service>\n${fields.join("\n")}\n</service>\n`;
}

/** `/tr64desc.xml`. */
export function deviceDescription(state: BoxState): string {
  const { model } = state;
  const fields = [
    element("deviceType", "urn:dslforum-org:device:InternetGatewayDevice:1"),
    element("friendlyName", model.name),
    element("manufacturer", "AVM"),
    element("manufacturerURL", "www.avm.de"),
    element("modelDescription", model.name),
    element("modelName", model.name),
    element("modelNumber", "- avm"),
    element("modelURL", "www.avm.de"),
    element("UDN", `uuid:739f2409-bccb-40e7-8e6c-${model.serial}`),
  ];
  const services = servicesOf(state).map(serviceItem).join("");
  return (
    `${PROLOG}<root xmlns="urn:dslforum-org:device-1-0">\n${SPEC_VERSION}${systemVersion(state)}` +
    `<device>\n${fields.join("\n")}\n<serviceList>\n${services}</serviceList>\n</device>\n</root>\n`
  );
}

/** `/igddesc.xml`, the description for UPnP clients; port forwarding is not simulated. */
export function igdDescription({ model }: BoxState): string {
  const fields = [
    element("deviceType", "urn:schemas-upnp-org:device:InternetGatewayDevice:1"),
    element("friendlyName", model.name),
    element("manufacturer", "AVM Berlin"),
    element("modelName", model.name),
    element("UDN", `uuid:75802409-bccb-40e7-8e6c-${model.serial}`),
  ];
  const head = `${PROLOG}<root xmlns="urn:schemas-upnp-org:device-1-0">\n${SPEC_VERSION}`;
  const services = IGD_SERVICES.map(serviceItem).join("");
  return `${head}<device>\n${fields.join("\n")}\n<serviceList>\n${services}</serviceList>\n</device>\n</root>\n`;
}

const variableOf = (argument: string) => argument.replace(/^New/, "");

function argumentItem(name: string, direction: "in" | "out"): string {
  const variable = element("relatedStateVariable", variableOf(name));
  return `<argument>\n${element("name", name)}\n${element("direction", direction)}\n${variable}\n</argument>\n`;
}

function actionItem(name: string, action: Action): string {
  const list = [
    ...action.in.map((arg) => argumentItem(arg.name, "in")),
    ...action.out.map((arg) => argumentItem(arg.name, "out")),
  ].join("");
  const args = list === "" ? "" : `<argumentList>\n${list}</argumentList>\n`;
  return `<action>\n${element("name", name)}\n${args}</action>\n`;
}

function variableItem(name: string, type: string, { allowed, range, ifMissing }: Variable = {}): string {
  const parts = [element("name", name), element("dataType", type)];
  if (ifMissing !== undefined) parts.push(element("defaultValue", ifMissing));
  if (allowed) {
    const values = allowed.map((value) => element("allowedValue", value)).join("");
    parts.push(`<allowedValueList>${values}</allowedValueList>`);
  }
  if (range) {
    const [least, most, step] = range;
    const limits = [element("minimum", least), element("maximum", most), element("step", step)].join("");
    parts.push(`<allowedValueRange>${limits}</allowedValueRange>`);
  }
  return `<stateVariable sendEvents="no">\n${parts.join("\n")}\n</stateVariable>\n`;
}

/** A service's description. */
export function serviceDescription(service: Service, state: BoxState): string {
  const actions = actionsOf(service, state);
  const types = new Map<string, string>();
  for (const [, { in: takes, out }] of actions) {
    for (const { name, type } of [...takes, ...out]) {
      const variable = variableOf(name);
      // Uses the type of another action where this one does not give it.
      if ((types.get(variable) ?? "string") === "string") types.set(variable, type);
    }
  }
  const variables = [...types].map(([name, type]) => variableItem(name, type, service.variables[name]));
  return (
    `${PROLOG}<scpd xmlns="urn:dslforum-org:service-1-0">\n${SPEC_VERSION}` +
    `<actionList>\n${actions.map(([name, one]) => actionItem(name, one)).join("")}</actionList>\n` +
    `<serviceStateTable>\n${variables.join("")}</serviceStateTable>\n</scpd>\n`
  );
}
