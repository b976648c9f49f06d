/** Extracts the host from an address that was copied from a browser. */
export function cleanHost(host: string): string {
  return host
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/[/?#].*$/, "")
    .replace(/^([^:]+):\d*$/, "$1")
    .replace(/^\[(.*)\]$/, "$1");
}
