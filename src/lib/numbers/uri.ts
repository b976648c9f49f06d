/** Parses tel: and SIP addresses: returns the number inside, or the address if there is none. */

/** Without a host the user is a number to read on. */
export interface Uri {
  user: string;
  host?: string;
}

/** Undefined if the text is no address. RFC 3966 (tel:), RFC 3261 (sip:), `"Anna" <sip:...>` included. */
export function readUri(text: string): Uri | undefined {
  const address = /<([^<>]*)>/.exec(text)?.[1]?.trim() ?? text;
  const [, scheme = "", rest = ""] = /^(tel|callto|sips?):(.*)$/i.exec(address) ?? [];
  if (/^[tc]/i.test(scheme)) return { user: readTel(decode(rest)) };
  if (scheme !== "") return readSip(decode(rest));
  return /^[^\s@]+@[^\s@]+$/.test(address) ? readSip(address) : undefined;
}

/** A local number is completed by its context, if that is a number: `tel:123;phone-context=+49711`. */
function readTel(text: string): string {
  const [number = "", ...parameters] = text.split(";");
  if (number.trim().startsWith("+")) return number;
  const context = parameters.map((parameter) => /^phone-context=(\+.*)$/i.exec(parameter.trim())?.[1]).find(Boolean);
  return `${context ?? ""}${number}`;
}

/** A user part is a number only if it is marked as one: `+4971...@host`, or `;user=phone`. */
function readSip(text: string): Uri {
  const at = text.lastIndexOf("@");
  const [name, home] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  const user = name.replace(/[;:].*$/, "");
  const host = home.replace(/[;?].*$/, "");
  return /^\+[\d\s().-]+$/.test(user) || /;user=phone\b/i.test(text) ? { user } : { user, host };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
