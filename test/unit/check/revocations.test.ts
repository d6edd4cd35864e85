// OpenSSL itself verifies a certificate against the list that is made for it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { needsOpenssl } from "../../_needs.ts";
import { revocationList } from "../../../harness/check/revocations.ts";

const openssl = (...args: string[]): string => execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const certificate = (name: string): string =>
  openssl(..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -keyout - -out - -subj".split(" "), name);

it("nothing is revoked on it, and only with it the certificate is valid", needsOpenssl, () => {
  const folder = mkdtempSync(join(tmpdir(), "hopwise-crl-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const pem = certificate("/CN=models.internal.example");
  const own = at("own.pem", pem);
  const verify = (list: string): string => {
    const args = ["verify", "-crl_check_all", "-CAfile", own, "-CRLfile", at("list.pem", list), own];
    try {
      return openssl(...args).trim();
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };
  const now = Date.now();
  expect(verify(revocationList(pem, now))).toBe(`${own}: OK`);
  expect(verify(revocationList(certificate("/CN=another"), now))).toContain("unable to get certificate CRL");
  expect(verify(revocationList(pem, now - 90 * 86_400_000))).toContain("CRL has expired");
  expect(openssl("crl", "-noout", "-text", "-in", at("list.pem", revocationList(pem, now)))).toContain("No Revoked Certificates");
});
