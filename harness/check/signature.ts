// Signatures of links, as servers verify them. Which address the lab's clients have is only known when they run. Pure.
import { createHash } from "node:crypto";
import type { Signature } from "./configuration.ts";

/** In what is signed, in place of a client's address (RFC 5737). */
export const stubClient = "192.0.2.1";

export const signatureOf = ({ of, encoding }: Pick<Signature, "of" | "encoding">): string => createHash("md5").update(of).digest(encoding);

const madeFor = (address: string, { of, encoding }: Signature): string => signatureOf({ of: of.replaceAll(stubClient, address), encoding });

/** As they stand in what clients of this address send. */
export const madeAllFor = (signatures: readonly Signature[], address: string): string[] => signatures.map((one) => madeFor(address, one));

/** Makes a text valid for clients of this address. */
export const signedFor =
  (signatures: readonly Signature[], address: string): ((text: string) => string) =>
  (text) =>
    signatures.reduce((signed, one) => signed.replaceAll(one.made, madeFor(address, one)), text);
