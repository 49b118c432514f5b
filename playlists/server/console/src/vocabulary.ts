// Codes and their French labels, from the one vocabulary of the product. Loaded with the pages that need it.
import vocabulary from "../../../../content/capsule/vocabulaire.json";

export interface Term {
    code: string;
    label: string;
}

const typographic = (text: string) => text.replaceAll("'", "’").replace(/ :/g, "\u00a0:");
const terms = (list: { code: string; label: string }[]): Term[] => list.map(({ code, label }) => ({ code, label: typographic(label) }));

export const themes = terms(vocabulary.theme);
export const axes = terms(vocabulary.axe_feuille_de_route);
export const readings = terms(vocabulary.niveau_lecture);
export const placeTypes = terms(vocabulary.type_lieu);
// A family with what it is made of, in one list.
export const barriers = vocabulary.frein.flatMap((family) => terms([family, ...("sous" in family ? (family.sous ?? []) : [])]));

const epts: Record<string, string> = {
    VSGP: "Vallée Sud Grand Paris",
    GPSO: "Grand Paris Seine Ouest",
    POLD: "Paris Ouest La Défense",
    BNS: "Boucle Nord de Seine",
};

export const labelIn = (list: Term[], code: string | undefined): string => (code ? (list.find((term) => term.code === code)?.label ?? code) : "");
export const eptName = (code: string | undefined): string => (code ? (epts[code] ?? code) : "");
