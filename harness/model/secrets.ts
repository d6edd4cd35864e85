// What must not be shown to whoever reads a report, e.g. the signature of a link. Pure.

export const elided = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text);
