// A server of its own, 50 publications, 5 rotations of keys; tuf-js starts from the first root.json and must end with the last targets.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Updater } from "tuf-js";

const bin = path.join(process.argv[2], "bin");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "capsule-tuf-js-"));
const at = (name) => path.join(folder, name);
const environment = { ...process.env, HOME: folder, XDG_CONFIG_HOME: at("config"), LC_ALL: "C.UTF-8" };
const capsule = (...args) => execFileSync(path.join(bin, "capsule"), args, { env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const check = (condition, message) => { if (!condition) throw new Error(message); };

const server = spawn(path.join(bin, "capsule-server"), ["--data", at("data"), "--listen", "127.0.0.1:0", "--log-level", "error"],
  { env: environment, stdio: ["ignore", "pipe", "inherit"] });
let failed = true;
try {
  const link = await new Promise((resolve, reject) => {
    let text = "";
    server.stdout.on("data", (piece) => { text += piece; const found = text.match(/http\S+#premier-compte=\S+/); if (found) resolve(found[0]); });
    server.on("exit", () => reject(new Error("the server ended")));
  });
  const url = link.slice(0, link.indexOf("/console"));
  fs.writeFileSync(at("password"), "un mot de passe assez long\n");
  fs.writeFileSync(at("passphrase"), "une phrase secrète assez longue\n");
  capsule("login", "--first", link, "--login", "anne", "--password-file", at("password"));
  const token = JSON.parse(fs.readFileSync(path.join(environment.XDG_CONFIG_HOME, "capsule", "token.json"), "utf8")).token;

  // What a reader of that day would have been given.
  fs.mkdirSync(at("trusted"));
  fs.mkdirSync(at("targets"));
  fs.writeFileSync(path.join(at("trusted"), "root.json"), await (await fetch(`${url}/release/1.root.json`)).text());
  const reader = () => new Updater({ metadataDir: at("trusted"), metadataBaseUrl: `${url}/release`, targetDir: at("targets"),
    targetBaseUrl: `${url}/release` });
  const version = (role) => JSON.parse(fs.readFileSync(path.join(at("trusted"), `${role}.json`), "utf8")).signed.version;
  await reader().refresh();

  const publish = async (number) => {
    const answer = await fetch(`${url}/api/v1/now`, { method: "PUT", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ messages: [{ id: `message-${number}`, text: { fr: `Message ${number}` }, where: { site: "lieu" },
        from: "2026-01-01T00:00:00Z", until: "2027-01-01T00:00:00Z", style: "banner" }], withdrawn: [] }) });
    check(answer.ok, `publication ${number}: ${answer.status} ${await answer.text()}`);
  };
  const phrase = ["--passphrase-file", at("passphrase")];
  const steps = {
    5: () => { capsule("keys", "create", ...phrase, "--key", at("root.1"), "--sheet", at("sheet.1")); capsule("keys", "sign", ...phrase, "--key", at("root.1")); },
    15: () => capsule("keys", "rotate", ...phrase, "--key", at("root.1"), "--new-key", at("root.2"), "--sheet", at("sheet.2")),
    25: () => capsule("keys", "rotate", "--server-keys", ...phrase, "--key", at("root.2")),
    35: () => capsule("keys", "rotate", ...phrase, "--key", at("root.2"), "--new-key", at("root.3"), "--sheet", at("sheet.3")),
    45: () => capsule("keys", "rotate", "--server-keys", ...phrase, "--key", at("root.3")),
  };
  for (let number = 1; number <= 50; ++number) {
    await publish(number);
    if (steps[number]) steps[number]();
    if (number === 10 || number === 30) await reader().refresh();
  }
  const last = reader();
  await last.refresh();
  check(version("root") === 6, `root ${version("root")} instead of 6`);
  const info = await last.getTargetInfo("now.json");
  const file = await last.downloadTarget(info);
  check(JSON.parse(fs.readFileSync(file, "utf8")).messages[0].id === "message-50", "not the last message");
  for (const name of ["programme.json", "fleet.json"]) {
    const target = await last.getTargetInfo(name);
    if (target) await last.downloadTarget(target);
  }
  // And a reader that knows nothing but the first root.
  fs.rmSync(at("trusted"), { recursive: true });
  fs.mkdirSync(at("trusted"));
  fs.writeFileSync(path.join(at("trusted"), "root.json"), await (await fetch(`${url}/release/1.root.json`)).text());
  await reader().refresh();
  check(version("root") === 6, "a newcomer does not reach the last root");
  check(!fs.existsSync(path.join(at("data"), "keys", "provisional-root.key")), "the server kept a root key");
  failed = false;
  console.log(`read root ${version("root")}, timestamp ${version("timestamp")}, targets ${version("targets")}`);
} catch (error) {
  console.error(error.stderr ? `${error.message}\n${error.stderr}` : error);
} finally {
  server.kill("SIGTERM");
  fs.rmSync(folder, { recursive: true, force: true });
  process.exitCode = failed ? 1 : 0;
}
