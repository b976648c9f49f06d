/** One link to the box with what lives on it: the user agent and the registration. */
import { randomBytes } from "node:crypto";
import type { HangupAgentOptions } from "./agent-types";
import type { IncomingCall } from "./call";
import type { Local } from "./dialog";
import type { Link, Place } from "./link";
import { Registration, type RegistrationState } from "./registration";
import { UserAgent } from "./user-agent";
import { hostAndPort } from "./values";

export interface AgentLineEvents {
  /** A new call rings. */
  called: (call: IncomingCall) => void;
  registration: (state: RegistrationState) => void;
}

const newToken = () => randomBytes(10).toString("hex");

/** Registers once `registration.register` is called; `close` it before another takes its place. */
export class AgentLine {
  readonly ua: UserAgent;
  readonly registration: Registration;

  constructor(
    readonly link: Link,
    readonly place: Place,
    options: Required<HangupAgentOptions>,
    events: AgentLineEvents,
  ) {
    const { clock, random, user, password, domain, expires } = options;
    const local = () => localOf(link, options);
    this.ua = new UserAgent({
      ...{ clock, newToken, local },
      media: () => ({ host: local().host, port: link.media.port }),
      pathTo: (host, port) => link.pathTo(host, port),
      onCall: events.called,
    });
    this.registration = new Registration({
      ...{ clock, random, newToken, local, domain, expires },
      credentials: { user, password },
      send: (request, answered) => void this.ua.request(request, link.box, answered),
      onState: events.registration,
    });
  }

  /** Whether another place needs new sockets and a new registration: the box or this computer has another address. */
  isElsewhere(place: Place): boolean {
    return identityOf(place) !== identityOf(this.place);
  }

  close(): void {
    this.registration.close();
    this.ua.close();
    this.link.close();
  }
}

const identityOf = ({ addresses, local }: Place) => [local, ...addresses].join(" ");

/** Where the box is to send its calls: the advertised address, or the link's own. */
function localOf({ local, transport }: Link, { advertise, user }: Required<HangupAgentOptions>): Local {
  const given = hostAndPort(advertise.trim()) ?? hostAndPort(`[${advertise.trim()}]`);
  return { host: given?.host ?? local.host, port: given?.port ?? local.port, transport, user };
}
