// Why there is no response to judge: one sentence each.

/** `code` decides what happens next; the message is for people. */
export class ProbeFailure extends Error {
  override name = "ProbeFailure";
  readonly code: "no-http2" | "unreachable" | "certificate" | "redirect" | "interrupted";

  constructor(code: ProbeFailure["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const unreachable = (sentence: string, cause: unknown): ProbeFailure => new ProbeFailure("unreachable", sentence, { cause });

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateCodes = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL_)/;

/** An error before the connection could take a request. */
export const notConnected = ({ hostname, host, protocol }: URL, error: NodeJS.ErrnoException): ProbeFailure => {
  const { code = "", message } = error;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return unreachable(`The name ${hostname} cannot be resolved (${code}): check its spelling, or the resolver of this machine`, error);
  if (code === "ECONNREFUSED") return unreachable(`${host} refuses connections: nothing listens there, or a firewall rejects them`, error);
  if (code === "ETIMEDOUT" || code === "EHOSTUNREACH" || code === "ENETUNREACH")
    return unreachable(`${host} does not answer (${code}): check the address and the network`, error);
  if (certificateCodes.test(code))
    return new ProbeFailure(
      "certificate",
      `The certificate of ${host} does not verify (${code}: ${message.split(/[\n;]/, 1)[0]}): with --insecure it is not verified, so anyone on the network path could answer instead`,
      { cause: error },
    );
  if (code === "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL")
    return unreachable(`${host} does not offer this version of HTTP over TLS: try --http 2 or --http 1.1`, error);
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG")
    return unreachable(`${host} does not speak TLS: try http:// instead of ${protocol}//`, error);
  return unreachable(`${host} cannot be reached: ${code === "" ? message : `${message} (${code})`}`, error);
};

export const notInTime = ({ host }: URL, seconds: number): ProbeFailure =>
  new ProbeFailure("unreachable", `${host} did not accept a connection within ${seconds} s: check the address, the port and the firewall`);
