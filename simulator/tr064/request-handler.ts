/** Simulator, TR-064: handles a request: login, rights, the action, faults. */
import { type Action, type ActionContext, Args, type BoxHooks, type Service } from "./action";
import { actionsOf, addressedServices, deviceDescription, igdDescription, serviceDescription } from "./description";
import type { DigestGate, LoginResult } from "./digest";
import { FILES, type Sids } from "./downloads";
import type { Fault, Faults } from "./faults";
import { emptied, halved } from "./partial";
import { type BoxRequest, page, type Reply, xml } from "./reply";
import { readSoap, soapFault, soapReply, type SoapRequest, UpnpError } from "./soap";
import { checkSoapLogin, soapChallenge, type SoapLogin } from "./soap-login";
import type { BoxState } from "./state";
import { XmlError } from "./xml";

/** dependencies of the request handler. */
export interface RequestHandlerParts {
  state: BoxState;
  gate: DigestGate;
  sids: Sids;
  faults: Faults;
  hooks: BoxHooks;
  /** Current host and ports. */
  where: () => { host: string; port: number; tlsPort: number; startedAt: number };
}

/** An answer with its fault. */
export interface Answer {
  reply: Reply;
  /** How the answer is to be spoiled. */
  fault?: Fault | undefined;
  action?: string | undefined;
  authorized: boolean;
}

interface Wanted {
  service: Service;
  /** From the header SOAPAction; "" = none. */
  name: string;
  action: Action | undefined;
  /** Undefined if the body is no SOAP. */
  soap: SoapRequest | undefined;
}

/** Faults that prevent the action. */
const UNDONE = ["503", "reset-before", "upgrade", "refuse"];

/** Answers one request; independent of sockets. */
export class RequestHandler {
  constructor(private readonly parts: RequestHandlerParts) {}

  async handle(request: BoxRequest): Promise<Answer> {
    const { faults, state } = this.parts;
    const path = request.path.replace(/\?.*/s, "");
    const service = addressedServices(state).find(({ control }) => control === path);
    const wanted = service && request.method === "POST" ? this.wanted(request, service) : undefined;
    const early = faults.take("any", namesOf(request, wanted));
    if (early && UNDONE.includes(early.kind)) return { reply: undone(early), fault: early, authorized: false };
    const answer = wanted ? await this.control(request, wanted) : await this.get(request, path);
    return { ...answer, fault: answer.fault ?? early };
  }

  private wanted(request: BoxRequest, service: Service): Wanted {
    const header = (request.header("soapaction") ?? "").trim().replace(/^"(.*)"$/, "$1");
    const [type, name = ""] = header.split("#");
    const known = actionsOf(service, this.parts.state).find(([one]) => one === name && type === service.type);
    return { service, name, action: known?.[1], soap: readIfSoap(request.body) };
  }

  private async get(request: BoxRequest, path: string): Promise<Answer> {
    const { state, sids, faults } = this.parts;
    if (request.method !== "GET") return { reply: page(request.method === "POST" ? 404 : 405), authorized: false };
    const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
    const query = new URLSearchParams(request.path.slice(path.length));
    if (file && !sids.check(query.get("sid"))) return { reply: page(403), authorized: false };
    const make = () => (file ? { ...file(state, query), download: true } : this.description(path));
    const fault = faults.take("authorized", namesOf(request));
    return { reply: await this.done(fault, make), fault, authorized: file !== undefined };
  }

  private description(path: string): Reply {
    const { state } = this.parts;
    if (path === "/tr64desc.xml") return xml(deviceDescription(state));
    if (path === "/igddesc.xml") return xml(igdDescription(state));
    const service = addressedServices(state).find(({ scpd }) => scpd === path);
    return service ? xml(serviceDescription(service, state)) : page(404);
  }

  private async control(request: BoxRequest, wanted: Wanted): Promise<Answer> {
    const { state, gate } = this.parts;
    const action = wanted.name;
    if (!state.appAccess) return { reply: xml(soapFault(new UpnpError(401)), 500), action, authorized: false };
    const open = wanted.action?.right === "open" || state.anonymousLogin;
    const header = request.header("authorization");
    if (header === undefined && wanted.soap?.login) return this.bySoapHeader(request, wanted, open, wanted.soap.login);
    if (!open || header !== undefined) {
      const login = gate.check(header, request.method, request.path, state.users);
      if (login.user === undefined && !open) return { reply: this.refusal(login), action, authorized: false };
      if (login.user !== undefined) state.lastUser = login.user;
      return this.perform(request, wanted, login.user ?? "");
    }
    return this.perform(request, wanted, "");
  }

  /** What needs no login is answered at once. */
  private bySoapHeader(request: BoxRequest, wanted: Wanted, open: boolean, login: SoapLogin): Promise<Answer> | Answer {
    const { state, gate } = this.parts;
    const user = checkSoapLogin(login, gate, state.users);
    if (user !== undefined) state.lastUser = user;
    if (user === undefined && open) return this.perform(request, wanted, "");
    const header = soapChallenge(gate, user !== undefined);
    if (user !== undefined) return this.perform(request, wanted, user, header);
    return { reply: xml(soapFault(new UpnpError(503), header)), action: wanted.name, authorized: false };
  }

  private async perform(request: BoxRequest, wanted: Wanted, user: string, header = ""): Promise<Answer> {
    const fault = this.parts.faults.take("authorized", namesOf(request, wanted));
    const reply = await this.done(fault, () => this.execute(request, wanted, user, header));
    return { reply, fault, action: wanted.name, authorized: true };
  }

  /** Executes the action, skips it, or undoes it. */
  private async done(fault: Fault | undefined, make: () => Reply | Promise<Reply>): Promise<Reply> {
    if (fault && UNDONE.includes(fault.kind)) return undone(fault);
    const undo = fault?.kind === "drop-write" ? this.parts.state.save() : undefined;
    const reply = await make();
    undo?.();
    if (fault?.kind === "empty") return emptied(reply);
    return fault?.kind === "half" ? halved(reply) : reply;
  }

  private refusal({ stale }: LoginResult): Reply {
    const { gate } = this.parts;
    if ((gate.locked && gate.lockStatus === 503) || gate.tired) return page(503);
    return page(401, { "WWW-Authenticate": gate.challenge(stale) });
  }

  private async execute(request: BoxRequest, wanted: Wanted, user: string, header: string): Promise<Reply> {
    const { service, name, action, soap } = wanted;
    try {
      if (!soap) throw new XmlError("no SOAP");
      if (!action || soap.action !== name || soap.namespace !== service.type) throw new UpnpError(401);
      this.demandRight(action, user);
      const args = new Args(action.in, soap.args);
      const { secondFactor, protectedActions } = this.parts.state;
      if (action.protected || protectedActions.has(name)) secondFactor.demand(soap.token);
      const values = await action.run(args, this.context(request, user, soap));
      const given = values ?? {};
      return xml(soapReply(name, service.type, given, header));
    } catch (error) {
      if (error instanceof XmlError) return xml(soapFault(new UpnpError(502), header), 500);
      return xml(soapFault(error instanceof UpnpError ? error : new UpnpError(820), header), 500);
    }
  }

  private demandRight({ right, writes }: Action, user: string): void {
    if (typeof right === "string") return;
    const enough = writes ? ["readwrite"] : ["readonly", "readwrite"];
    const { state } = this.parts;
    if (!right.some((one) => enough.includes(state.accessOf(user, one)))) throw new UpnpError(606);
  }

  private context({ tls }: BoxRequest, user: string, { token }: SoapRequest): ActionContext {
    const { state, hooks, sids } = this.parts;
    const { host, port, tlsPort, startedAt } = this.parts.where();
    const secure = state.schemeOfRequest ? tls : tlsPort > 0;
    const base = `${secure ? "https" : "http"}://${state.hostIdea || host}:${secure ? tlsPort : port}`;
    const newSid = () => sids.create();
    const downloadUrl = (path: string, query: string) => `${base}${path}?sid=${newSid()}${query && `&${query}`}`;
    return { state, hooks, user, token, tlsPort, startedAt, newSid, downloadUrl };
  }
}

/** What the match of a fault may mean. */
function namesOf({ path }: BoxRequest, wanted?: Wanted): string[] {
  const paths = [path, path.replace(/\?.*/s, "")];
  if (!wanted) return paths;
  const [first] = wanted.soap?.args ?? [];
  return [...paths, wanted.name, ...(first ? [`${wanted.name}(${first[1]})`] : [])];
}

/** The answer to what is not done. */
function undone({ kind, code }: Fault): Reply {
  return kind === "refuse" ? xml(soapFault(new UpnpError(code)), 500) : page(503);
}

function readIfSoap(body: Uint8Array): SoapRequest | undefined {
  try {
    return readSoap(body);
  } catch {
    return undefined;
  }
}
