/** Simulator, TR-064: takes a request and decides what the box answers: login, rights, the action, faults. */
import { type Action, type ActionContext, Args, type BoxHooks, type Service } from "./action";
import { actionsOf, deviceDescription, igdDescription, serviceDescription, servicesOf } from "./description";
import type { DigestGate, LoginResult } from "./digest";
import { FILES, type Sids } from "./downloads";
import type { Fault, Faults } from "./faults";
import { type BoxRequest, page, type Reply, xml } from "./reply";
import { readSoap, soapFault, soapReply, type SoapRequest, UpnpError } from "./soap";
import type { BoxState } from "./state";
import { XmlError } from "./xml";

/** The parts that a desk works with. */
export interface DeskParts {
  state: BoxState;
  gate: DigestGate;
  sids: Sids;
  faults: Faults;
  hooks: BoxHooks;
  /** Where the box listens now. */
  where: () => { host: string; port: number; tlsPort: number; startedAt: number };
}

/** What was decided. */
export interface Answer {
  reply: Reply;
  /** The wire is to spoil it so. */
  fault?: Fault | undefined;
  action?: string | undefined;
  authorized: boolean;
}

interface Wanted {
  service: Service;
  /** From the header SOAPAction; "" = none. */
  name: string;
  action: Action | undefined;
}

/** Faults that keep the action from being done at all. */
const UNDONE = ["503", "reset-before"];

/** One answer per request; knows no sockets. */
export class Desk {
  constructor(private readonly parts: DeskParts) {}

  async handle(request: BoxRequest): Promise<Answer> {
    const { faults, state } = this.parts;
    const path = request.path.replace(/\?.*/s, "");
    const service = servicesOf(state).find(({ control }) => control === path);
    const wanted = service && request.method === "POST" ? this.wanted(request, service) : undefined;
    const early = faults.take("any", request.path, wanted?.name);
    if (early && UNDONE.includes(early.kind)) return { reply: page(503), fault: early, authorized: false };
    const answer = wanted ? await this.control(request, wanted) : await this.get(request, path);
    return { ...answer, fault: answer.fault ?? early };
  }

  private wanted(request: BoxRequest, service: Service): Wanted {
    const header = (request.header("soapaction") ?? "").trim().replace(/^"(.*)"$/, "$1");
    const [type, name = ""] = header.split("#");
    const known = actionsOf(service, this.parts.state).find(([one]) => one === name && type === service.type);
    return { service, name, action: known?.[1] };
  }

  private async get(request: BoxRequest, path: string): Promise<Answer> {
    const { state, sids, faults } = this.parts;
    if (request.method !== "GET") return { reply: page(request.method === "POST" ? 404 : 405), authorized: false };
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    const query = new URLSearchParams(request.path.slice(path.length));
    if (file && !sids.check(query.get("sid"))) return { reply: page(403), authorized: false };
    const make = () => (file ? { ...file(state, query), download: true } : this.description(path));
    const fault = faults.take("authorized", request.path, undefined);
    return { reply: await this.done(fault, make), fault, authorized: file !== undefined };
  }

  private description(path: string): Reply {
    const { state } = this.parts;
    if (path === "/tr64desc.xml") return xml(deviceDescription(state));
    if (path === "/igddesc.xml") return xml(igdDescription(state));
    const service = servicesOf(state).find(({ scpd }) => scpd === path);
    return service ? xml(serviceDescription(service, state)) : page(404);
  }

  private async control(request: BoxRequest, wanted: Wanted): Promise<Answer> {
    const { state, gate, faults } = this.parts;
    const action = wanted.name;
    if (!state.appAccess) return { reply: xml(soapFault(new UpnpError(401)), 500), action, authorized: false };
    const open = wanted.action?.right === "open" || state.anonymousLogin;
    const header = request.header("authorization");
    if (!open || header !== undefined) {
      const login = gate.check(header, request.method, request.path, state.users);
      if (login.user === undefined && !open) return { reply: this.refusal(login), action, authorized: false };
      if (login.user !== undefined) state.lastUser = login.user;
      return this.perform(request, wanted, login.user ?? "", faults);
    }
    return this.perform(request, wanted, "", faults);
  }

  private async perform(request: BoxRequest, wanted: Wanted, user: string, faults: Faults): Promise<Answer> {
    const fault = faults.take("authorized", request.path, wanted.name);
    const reply = await this.done(fault, () => this.execute(request, wanted, user));
    return { reply, fault, action: wanted.name, authorized: true };
  }

  /** Does it, does it not, or undoes it. */
  private async done(fault: Fault | undefined, make: () => Reply | Promise<Reply>): Promise<Reply> {
    if (fault && UNDONE.includes(fault.kind)) return page(503);
    const undo = fault?.kind === "drop-write" ? this.parts.state.books.save() : undefined;
    const reply = await make();
    undo?.();
    return reply;
  }

  private refusal({ stale }: LoginResult): Reply {
    const { gate } = this.parts;
    if ((gate.locked && gate.lockStatus === 503) || gate.tired) return page(503);
    return page(401, { "WWW-Authenticate": gate.challenge(stale) });
  }

  private async execute(request: BoxRequest, { service, name, action }: Wanted, user: string): Promise<Reply> {
    try {
      const soap = readSoap(request.body);
      if (!action || soap.action !== name || soap.namespace !== service.type) throw new UpnpError(401);
      this.demandRight(action, user);
      const args = new Args(action.in, soap.args);
      if (action.protected) this.parts.state.secondFactor.demand(soap.token);
      const values = await action.run(args, this.context(user, soap));
      const given = values ?? {};
      return xml(soapReply(name, service.type, given));
    } catch (error) {
      if (error instanceof XmlError) return xml(soapFault(new UpnpError(502)), 500);
      return xml(soapFault(error instanceof UpnpError ? error : new UpnpError(820)), 500);
    }
  }

  private demandRight({ right, writes }: Action, user: string): void {
    if (typeof right === "string") return;
    const enough = writes ? ["readwrite"] : ["readonly", "readwrite"];
    const { state } = this.parts;
    if (!right.some((one) => enough.includes(state.accessOf(user, one)))) throw new UpnpError(606);
  }

  private context(user: string, { token }: SoapRequest): ActionContext {
    const { state, hooks, sids } = this.parts;
    const { host, port, tlsPort, startedAt } = this.parts.where();
    const base = `${tlsPort > 0 ? "https" : "http"}://${state.hostIdea || host}:${tlsPort > 0 ? tlsPort : port}`;
    const newSid = () => sids.create();
    const downloadUrl = (path: string, query: string) => `${base}${path}?sid=${newSid()}${query && `&${query}`}`;
    return { state, hooks, user, token, tlsPort, startedAt, newSid, downloadUrl };
  }
}
