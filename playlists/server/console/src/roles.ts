// Who may do what, as the server has it: pages offer only what will not be refused.
import type { Role } from "./api";

const rank: Record<Role, number> = { reception: 0, evaluator: 1, contributor: 2, coordinator: 3, administrator: 4 };

export const atLeast = (role: Role, needed: Role): boolean => rank[role] >= rank[needed];
