// Searching and sorting names as people expect it: case and accents are forgiven, numbers go by value.
export const compare = new Intl.Collator("fr", { numeric: true, sensitivity: "base" }).compare;

export const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();

// Every word is somewhere in the text. `text` is plain already.
export function fits(text: string, words: string[]): boolean {
    return words.every((word) => text.includes(word));
}

export const wordsOf = (typed: string): string[] => plain(typed).split(/\s+/).filter(Boolean);

// An identifier from a title, and one that is not taken: "accueil", "accueil-2".
export function identifierOf(title: string, taken: (id: string) => boolean): string {
    const base = plain(title).replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 56).replace(/-+$/, "") || "sans-titre";
    let id = base;
    for (let turn = 2; taken(id); turn++) id = `${base}-${turn}`;
    return id;
}
