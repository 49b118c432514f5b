// The part of api.ts that is about people.
import { call, callWithTag, type Role } from "../../api";
import type { Territory } from "./territory";

export interface Standing {
    role: Role;
    territory: Territory | null; // null: everywhere
    site: string | null;
}

export interface PersonRecord extends Standing {
    login: string;
    second_factor: boolean;
    created: string;
    ended: string | null;
    last_seen: string | null;
}

export interface InvitationRecord extends Standing {
    id: string;
    login: string;
    renews: boolean;
    made_by: string;
    expires: string;
}

export interface InvitationLink {
    login: string;
    expires: string;
    link: string;
}

export interface OpenInvitation extends Standing {
    login: string;
    renews: boolean;
}

export interface TokenRecord {
    id: string;
    name: string;
    role: Role;
    created: string;
    last_used: string | null;
    expires: string;
}

export interface Change {
    seq: number;
    at_ms: number;
    who: string;
    by: string;
    action: string;
    subject: string;
    id: string;
    before: string | null;
    after: string | null;
    note: string;
}

const at = (login: string) => `/api/v1/people/${encodeURIComponent(login)}`;

export const people = {
    list: () => call<{ people: PersonRecord[] }>("GET", "/api/v1/people").then((reply) => reply.people),
    get: (login: string) => callWithTag<PersonRecord>("GET", at(login)),
    change: (login: string, standing: Standing, tag: string | null) => callWithTag<PersonRecord>("PUT", at(login), standing, tag),
    end: (login: string) => call<null>("DELETE", at(login)),
    link: (login: string) => call<InvitationLink>("POST", `${at(login)}/link`),
    removeSecondFactor: (login: string) => call<null>("DELETE", `${at(login)}/second-factor`),
    invitations: () => call<{ invitations: InvitationRecord[] }>("GET", "/api/v1/invitations").then((reply) => reply.invitations),
    invite: (login: string, standing: Standing) => call<InvitationLink>("POST", "/api/v1/invitations", { login, ...standing }),
    withdraw: (id: string) => call<null>("DELETE", `/api/v1/invitations/${id}`),
    findInvitation: (secret: string) => call<OpenInvitation>("POST", "/api/v1/invitations/find", { secret }),
    acceptInvitation: (secret: string, password: string) =>
        call<OpenInvitation>("POST", "/api/v1/invitations/accept", { secret, password }),
};

export const account = {
    get: () => call<PersonRecord>("GET", "/api/v1/account"),
    changePassword: (current: string, password: string) => call<null>("POST", "/api/v1/account/password", { current, password }),
    beginSecondFactor: (password: string) =>
        call<{ secret: string; uri: string; qr: string[] | null }>("POST", "/api/v1/account/second-factor", { password }),
    confirmSecondFactor: (code: string) => call<{ recovery_codes: string[] }>("PUT", "/api/v1/account/second-factor", { code }),
    removeSecondFactor: (password: string) => call<null>("POST", "/api/v1/account/second-factor/remove", { password }),
    tokens: () => call<{ tokens: TokenRecord[] }>("GET", "/api/v1/account/tokens").then((reply) => reply.tokens),
    makeToken: (name: string, role: Role, days: number, password: string) =>
        call<TokenRecord & { token: string }>("POST", "/api/v1/account/tokens", { name, role, days, password }),
    removeToken: (id: string) => call<null>("DELETE", `/api/v1/account/tokens/${id}`),
};

export interface Proposal {
    number: number;
    who: string;
    made: string;
    method: string;
    subject: string;
    id: string;
    before: Record<string, unknown> | null;
    after: Record<string, unknown> | null; // null: to be deleted
    state: "waiting" | "approved" | "refused" | "withdrawn";
    decided_by: string | null;
    decided: string | null;
    reason: string | null;
}

export const proposals = {
    list: () => call<{ proposals: Proposal[] }>("GET", "/api/v1/proposals").then((reply) => reply.proposals),
    approve: (number: number) => call<unknown>("POST", `/api/v1/proposals/${number}/approve`),
    refuse: (number: number, reason: string) => call<unknown>("POST", `/api/v1/proposals/${number}/refuse`, { reason }),
    takeBack: (number: number) => call<unknown>("DELETE", `/api/v1/proposals/${number}`),
};

export const changes = {
    list: (who: string, subject: string, before: number) =>
        call<{ changes: Change[]; more: boolean }>(
            "GET",
            `/api/v1/changes?limit=50&before=${before}&who=${encodeURIComponent(who)}&subject=${encodeURIComponent(subject)}`,
        ),
};
