// What the server says of a row, in French: its sentences have fixed shapes. What is not known here is shown as it came.
import { language } from "../../language";
import type { ImportRow } from "../../places";

const columns: Record<string, string> = {
    id: "Identifiant",
    nom: "Nom",
    commune: "Commune",
    code_postal: "Code postal",
    code_insee: "Code INSEE",
    horaires: "Horaires",
    typologie: "Type",
    latitude: "Position",
    longitude: "Position",
};

const known: [RegExp, (match: string[]) => string][] = [
    [/^is missing$/, () => "manque."],
    [/^"(.*)" is the id of an earlier place \((\d+)\)/, ([id, line]) => `«\u00a0${id}\u00a0» est déjà celui de la ligne ${line}.`],
    [/^"(.*)" is the site of an earlier row/, ([id]) => `«\u00a0${id}\u00a0» est déjà pris par une ligne d’avant.`],
    [/^"(.*)" is no name that can be made/, ([id]) => `«\u00a0${id}\u00a0» ne contient ni lettre ni chiffre.`],
    [/^"(.*)" is no commune that is known/, ([name]) => `«\u00a0${name}\u00a0» n’est pas une commune connue\u00a0: le lieu n’appartient à aucun territoire.`],
    [/^(\d+) fields where (\d+) are expected/, ([has, wanted]) => `${has} cases au lieu de ${wanted}\u00a0: une case qui contient un séparateur doit être entre guillemets.`],
    [/^"(.*)": .*; kept, screens say nothing/s, ([hours]) => `«\u00a0${hours}\u00a0» ne peut pas être lu\u00a0: gardé tel quel, le lieu compte comme ouvert jour et nuit.`],
    [/^"(.*)" is none of the scheme's words; kept/, ([text]) => `«\u00a0${text}\u00a0» n’est pas un mot du schéma\u00a0: gardé tel quel.`],
    [/^"(.*)" was read as (.*)/, ([text, read]) => `«\u00a0${text}\u00a0» a été lu ${read}.`],
    [/^it lies beyond your territory/, () => "Ce lieu est hors de votre territoire\u00a0: demandez à l’administration de l’importer."],
    [/^no position/, () => "position non indiquée."],
    [/^0, 0 is in the sea/, () => "0, 0 est en mer\u00a0: position écartée."],
    [/have changed places/, () => "latitude et longitude semblent inversées\u00a0: position écartée."],
    [/degrees with a decimal point/, () => "des degrés avec un point décimal sont attendus, par exemple 48.753."],
];

export function remarkWords(remark: ImportRow["remarks"][number]): string {
    const label = language === "fr" ? (columns[remark.column] ?? remark.column) : remark.column;
    const put = (text: string) => (label === "" ? text : `${label}\u00a0: ${text}`);
    if (language === "fr")
        for (const [shape, say] of known) {
            const match = shape.exec(remark.what);
            if (match) return put(say(match.slice(1)));
        }
    return put(remark.what);
}
