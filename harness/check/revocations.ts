// A list of revoked certificates (RFC 5280 §5.1) on which there are none, by the authority of a certificate that was made here. Pure.
import { X509Certificate, createPrivateKey, sign } from "node:crypto";

const tags = { integer: 0x02, bits: 0x03, oid: 0x06, generalizedTime: 0x18, sequence: 0x30 };

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

/** ecdsa-with-SHA256 (RFC 5758 §3.2). */
const algorithm = der(tags.sequence, der(tags.oid, Buffer.from("2a8648ce3d040302", "hex")));

const time = (at: number): Buffer =>
  der(tags.generalizedTime, Buffer.from(new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, ""), "latin1"));

const dayMs = 86_400_000;

/** Valid from the day before `now` for as long as the certificate: a server's clock may run faster. `pem`: key and certificate. */
export const revocationList = (pem: string, now: number): string => {
  const listed = der(
    tags.sequence,
    der(tags.integer, Buffer.from([1])),
    algorithm,
    issuerOf(new X509Certificate(pem).raw),
    time(now - dayMs),
    time(now + 30 * dayMs),
  );
  const signature = sign("sha256", listed, { key: createPrivateKey(pem), dsaEncoding: "der" });
  const list = der(tags.sequence, listed, algorithm, der(tags.bits, Buffer.from([0]), signature));
  const lines = list.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN X509 CRL-----", ...lines, "-----END X509 CRL-----", ""].join("\n");
};

/** Of a certificate: version, serial number, algorithm, issuer (RFC 5280 §4.1). */
const issuerOf = (certificate: Uint8Array): Uint8Array => {
  let at = contentAt(certificate, contentAt(certificate, 0).from).from;
  for (let skipped = 0; skipped < 3; skipped += 1) at = contentAt(certificate, at).to;
  return certificate.subarray(at, contentAt(certificate, at).to);
};

const contentAt = (bytes: Uint8Array, at: number): { from: number; to: number } => {
  const first = bytes[at + 1] ?? 0;
  const more = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + more;
  const length = more === 0 ? first : [...bytes.subarray(at + 2, from)].reduce((sum, byte) => sum * 256 + byte, 0);
  return { from, to: from + length };
};
