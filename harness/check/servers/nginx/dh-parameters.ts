import { createDiffieHellmanGroup } from "node:crypto";

/** RFC 3526's group of 2048 bits, as `openssl dhparam` would write it. */
export const dhParameters = (): string => {
  const prime = createDiffieHellmanGroup("modp14").getPrime();
  const der = (tag: number, content: Buffer): Buffer => {
    const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...length]), content]);
  };
  const numbers = Buffer.concat([der(2, Buffer.concat([Buffer.from([0]), prime])), der(2, Buffer.from([2]))]);
  const lines = der(0x30, numbers).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN DH PARAMETERS-----\n${lines}\n-----END DH PARAMETERS-----\n`;
};
