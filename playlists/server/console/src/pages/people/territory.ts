// The territories that somebody can coordinate: the EPT of the Hauts-de-Seine and their communes, by INSEE code.
import { communeName } from "../../communes";
import { words } from "./words";

export interface Territory {
    epts: string[];
    communes: string[];
}

export const epts: { code: string; name: string; communes: string[] }[] = [
    { code: "BNS", name: "Boucle Nord de Seine", communes: ["92004", "92009", "92024", "92025", "92036", "92078"] },
    { code: "GPSO", name: "Grand Paris Seine Ouest", communes: ["92012", "92022", "92040", "92047", "92048", "92072", "92075", "92077"] },
    { code: "POLD", name: "Paris Ouest La Défense", communes: ["92026", "92033", "92035", "92044", "92050", "92051", "92062", "92063", "92064", "92073", "92076"] },
    { code: "VSGP", name: "Vallée Sud Grand Paris", communes: ["92002", "92007", "92014", "92019", "92020", "92023", "92032", "92046", "92049", "92060", "92071"] },
];

export const eptName = (code: string): string => epts.find((ept) => ept.code === code)?.name ?? code;

// "Vallée Sud Grand Paris, Nanterre"; null is the whole.
export function territoryWords(territory: Territory | null): string {
    if (territory === null) return words.people.everywhere;
    return [...territory.epts.map(eptName), ...territory.communes.map((commune) => communeName(commune))].join(", ");
}
