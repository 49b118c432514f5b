// The API as a program of the administrator uses it: by token.

export const somebody = { login: "administration", password: "une phrase pour entrer" };

export async function json(origin, method, path, body, headers = {}) {
    const reply = await fetch(origin + path, {
        method,
        headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
}

export async function createFirstAccount(server) {
    await json(server.origin, "POST", "/api/v1/accounts/first", { secret: server.secret, ...somebody });
}

// call(method, path, body) as the administrator; call.put(path, bytes) for what is not JSON.
export async function administrator(server) {
    const { token } = await json(server.origin, "POST", "/api/v1/sessions", { ...somebody, kind: "token" });
    const bearer = { Authorization: `Bearer ${token}` };
    const call = (method, path, body) => json(server.origin, method, path, body, bearer);
    call.put = async (path, bytes) => {
        const reply = await fetch(server.origin + path, { method: "PUT", body: bytes, headers: { ...bearer, "Content-Type": "application/octet-stream" } });
        if (!reply.ok) throw new Error(`PUT ${path}: ${reply.status} ${await reply.text()}`);
    };
    return call;
}
