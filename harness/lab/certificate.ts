// A certificate for the lab's TLS server, made when needed, so that the repository has no key. It is not verified.
import { generateKeyPairSync, sign } from "node:crypto";

const tags = { integer: 0x02, bits: 0x03, object: 0x06, text: 0x0c, time: 0x17, sequence: 0x30, set: 0x31 } as const;

/** One value in DER (ITU-T X.690). */
const der = (tag: keyof typeof tags, ...parts: (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tags[tag], ...size]), content]);
};

const ecdsaWithSha256 = der("sequence", der("object", Buffer.from("2a8648ce3d040302", "hex")));
const commonName = der("object", Buffer.from("550403", "hex"));

/** Signed by its own key; X.509 version 1 (RFC 5280 §4.1), which has no extensions. */
export const selfSigned = (name: string): { key: string; cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const holder = der("sequence", der("set", der("sequence", commonName, der("text", name))));
  const validity = der("sequence", der("time", "200101000000Z"), der("time", "491231235959Z"));
  const serial = der("integer", Buffer.from([1]));
  const publicPart = publicKey.export({ type: "spki", format: "der" });
  const signed = der("sequence", serial, ecdsaWithSha256, holder, validity, holder, publicPart);
  const certificate = der("sequence", signed, ecdsaWithSha256, der("bits", Buffer.from([0]), sign("sha256", signed, privateKey)));
  const lines = certificate.toString("base64").replaceAll(/.{64}(?=.)/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
};
