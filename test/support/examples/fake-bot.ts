/** Test support: the part of Telegram's Bot API that the examples use, strict about token, offset and fields. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface BotCall {
  method: string;
  body: Record<string, unknown>;
}
interface Update {
  update_id: number;
  [kind: string]: unknown;
}
interface Waiting {
  offset: number;
  response: ServerResponse;
  timer: NodeJS.Timeout;
}

export class FakeBot {
  /** All requests but those for updates, in order. */
  readonly calls: BotCall[] = [];
  /** The offsets that were asked for. */
  readonly offsets: (number | undefined)[] = [];
  /** So many requests fail. */
  failNext = 0;
  private updates: Update[] = [];
  private nextUpdate = 100;
  private nextMessage = 1;
  private waiting: Waiting | undefined;
  private readonly server = createServer((request, response) => void this.handle(request, response));

  constructor(private readonly token: string) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (this.waiting) clearTimeout(this.waiting.timer);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Somebody presses a button below a message. */
  press(chat: number, messageId: number, text: string, data: string): void {
    const message = { message_id: messageId, chat: { id: chat }, text };
    this.push({ callback_query: { id: `q${this.nextUpdate}`, from: { id: 5, first_name: "Anna" }, message, data } });
  }

  /** Somebody writes to the bot. */
  write(chat: number, text: string): void {
    this.push({ message: { message_id: 1, chat: { id: chat }, text } });
  }

  private push(what: Record<string, unknown>): void {
    this.updates.push({ update_id: this.nextUpdate++, ...what });
    if (this.waiting) this.answer(this.waiting);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    if (token !== this.token) return reply(response, 401, { ok: false, description: "Unauthorized" });
    if (this.failNext > 0) {
      this.failNext--;
      return reply(response, 502, { ok: false, description: "Bad Gateway" });
    }
    if (request.method !== "POST" || request.headers["content-type"] !== "application/json") {
      return reply(response, 400, { ok: false, description: "Bad Request" });
    }
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    if (method === "getUpdates") return this.poll(body, response);
    const fault = faultOf(method, body);
    if (fault !== undefined) return reply(response, 400, { ok: false, description: fault });
    this.calls.push({ method, body });
    reply(response, 200, { ok: true, result: method === "sendMessage" ? { message_id: this.nextMessage++ } : true });
  }

  /** A second poll ends the first one, as at Telegram. */
  private poll({ offset, timeout = 0 }: Record<string, unknown>, response: ServerResponse): void {
    if (this.waiting) {
      clearTimeout(this.waiting.timer);
      reply(this.waiting.response, 409, { ok: false, description: "Conflict" });
    }
    const from = typeof offset === "number" ? offset : 0;
    this.offsets.push(typeof offset === "number" ? offset : undefined);
    this.updates = this.updates.filter(({ update_id }) => update_id >= from);
    const waiting: Waiting = {
      ...{ offset: from, response },
      timer: setTimeout(() => this.answer(waiting), Number(timeout) * 1000),
    };
    this.waiting = waiting;
    if (this.updates.length > 0) this.answer(waiting);
  }

  private answer({ response, timer }: Waiting): void {
    clearTimeout(timer);
    this.waiting = undefined;
    reply(response, 200, { ok: true, result: this.updates });
  }
}

/** What Telegram would refuse. */
function faultOf(method: string, body: Record<string, unknown>): string | undefined {
  const needed: Record<string, string[]> = {
    sendMessage: ["chat_id", "text"],
    editMessageText: ["chat_id", "message_id", "text"],
    answerCallbackQuery: ["callback_query_id"],
  };
  const missing = needed[method]?.find((name) => body[name] === undefined || body[name] === "");
  if (needed[method] === undefined || missing !== undefined) return `Bad Request: ${missing ?? method}`;
  const { inline_keyboard: rows = [] } = (body["reply_markup"] ?? {}) as { inline_keyboard?: Button[][] };
  return rows.flat().every(({ callback_data: data }) => Buffer.byteLength(data) <= 64)
    ? undefined
    : "BUTTON_DATA_INVALID";
}

interface Button {
  text: string;
  callback_data: string;
}

/** The buttons below a message. */
export const buttonsOf = ({ body }: BotCall): Button[] =>
  ((body["reply_markup"] ?? {}) as { inline_keyboard?: Button[][] }).inline_keyboard?.flat() ?? [];

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
