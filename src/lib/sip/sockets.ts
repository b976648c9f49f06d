/** The only file of `sip` that sends and receives: UDP and TCP to the box, and to no other address. */
import type { Socket as UdpSocket } from "node:dgram";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Clock, Timer } from "../core/clock";
import { FritzError, systemCode } from "../core/errors";
import type { Link, LinkEvents, LinkOptions, Place } from "./link";
import { StreamFramer, parseMessage } from "./message";
import { bare, udp } from "./place";
import type { MediaAddress } from "./sdp";
import { answerPort, serialize } from "./serialize";
import type { Path } from "./transactions";

const CONNECT_LIMIT_MS = 4_000;
/** A blank line keeps a TCP connection alive (RFC 5626 §4.4.1), ms. */
const KEEP_ALIVE_MS = 30_000;
/** Connections that the box may open to us. */
const MOST_CONNECTIONS = 20;

function bind(socket: UdpSocket, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => reject(portError(error, port)));
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners("error").on("error", () => undefined); // a lost packet is repeated by its transaction
      resolve(socket.address().port);
    });
  });
}

const portError = (error: unknown, port: number) =>
  new FritzError("sip-port", { port, detail: systemCode(error) }, true);

/** A bound port whose packets are thrown away: the audio of an answered call. */
async function openSink(address: string): Promise<{ media: MediaAddress; socket: UdpSocket }> {
  const socket = udp(address);
  socket.on("message", () => undefined);
  const port = await bind(socket, address, 0);
  return { media: { host: bare(address), port }, socket };
}

const allowedIn = ({ addresses }: Place) => {
  const known = new Set(addresses.map(bare));
  return (address: string) => known.has(bare(address));
};

/** Listens on UDP. Datagrams from any other address than the box's are dropped unread. */
export async function openUdp(options: LinkOptions, events: LinkEvents): Promise<Link> {
  const { place, localPort } = options;
  const socket = udp(place.address);
  const isBox = allowedIn(place);
  const pathTo = (address: string, port: number): Path => ({
    reliable: false,
    address: bare(address),
    port,
    send: (message) =>
      send(message.kind === "response" ? answerPort(message, port) : port, address, serialize(message)),
  });
  const send = (port: number, address: string, bytes: Buffer) => {
    try {
      socket.send(bytes, port, address, () => undefined);
    } catch {
      // closed in the meantime, or no port: lost like any packet
    }
  };
  socket.on("message", (data, { address, port }) => {
    const message = isBox(address) ? parseMessage(data) : undefined;
    if (message) events.message(message, pathTo(address, port));
  });
  try {
    const port = await bind(socket, place.local, localPort);
    const sink = await openSink(place.local);
    return {
      transport: "udp",
      local: { host: bare(place.local), port },
      media: sink.media,
      box: pathTo(place.address, place.port),
      pathTo: (host, to) => (isBox(host) ? pathTo(host, to) : undefined),
      close: () => [socket, sink.socket].forEach((one) => one.close()),
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Connects by TCP, and listens for connections of the box's on the own port. */
export async function openTcp(options: LinkOptions, events: LinkEvents): Promise<Link> {
  const { place, localPort, clock } = options;
  const isBox = allowedIn(place);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (isBox(socket.remoteAddress ?? "") && open.size < MOST_CONNECTIONS) follow(socket, place, open, events);
    else socket.destroy();
  });
  const socket = await connected(place, CONNECT_LIMIT_MS);
  const box = follow(socket, place, open, events);
  const keepAlive = everyTime(clock, KEEP_ALIVE_MS, () => socket.write("\r\n\r\n"));
  let closed = false;
  const close = () => {
    closed = true;
    keepAlive.cancel();
    server.close();
    for (const one of open) one.destroy();
  };
  socket.on("close", () => closed || events.lost());
  try {
    const port = await listening(server, place.local, localPort);
    const sink = await openSink(place.local);
    return {
      transport: "tcp",
      local: { host: bare(place.local), port },
      media: sink.media,
      box,
      pathTo: (host) => (isBox(host) ? box : undefined),
      close: () => (close(), sink.socket.close()),
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Reads messages off a connection until it ends; returns the way back over it. */
function follow(socket: Socket, place: Place, open: Set<Socket>, events: LinkEvents): Path {
  const framer = new StreamFramer();
  const path: Path = {
    reliable: true,
    address: bare(socket.remoteAddress ?? place.address),
    port: socket.remotePort ?? place.port,
    send: (message) => void socket.write(serialize(message)),
  };
  open.add(socket);
  socket.setNoDelay(true).on("error", () => undefined);
  socket.on("close", () => open.delete(socket));
  socket.on("data", (chunk) => {
    const messages = framer.push(chunk);
    if (!messages) socket.destroy();
    for (const message of (messages ?? []).flatMap((bytes) => parseMessage(bytes) ?? [])) events.message(message, path);
  });
  return path;
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(portError(error, port)));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function everyTime(clock: Clock, ms: number, run: () => void): Timer {
  const again = () => {
    run();
    timer = clock.after(ms, again);
  };
  let timer = clock.after(ms, again);
  return { cancel: () => timer.cancel() };
}

function connected({ address, port, local }: Place, limitMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, localAddress: local, keepAlive: true });
    const limit = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })), limitMs);
    const fail = (error: unknown) => {
      clearTimeout(limit);
      reject(new FritzError("sip-unreachable", { detail: systemCode(error) }, true));
    };
    socket.once("error", fail).once("connect", () => {
      clearTimeout(limit);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
