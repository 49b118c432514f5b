// What stands against a publication, in French: the server says it in English, in sentences whose shape is fixed. What is not known
// here is shown as it came.
import { language } from "../../language";

interface Titles {
    capsule: (id: string) => string;
    playlist: (id: string) => string;
}

type Say = (match: string[], titles: Titles) => string;
const q = (text: string) => `«\u00a0${text}\u00a0»`;
// Local to the place already, as the server writes it.
const dayAndHour = new Intl.DateTimeFormat("fr", { timeZone: "UTC", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
const moment = (text?: string) => dayAndHour.format(new Date(`${text}Z`));
const on = (count?: string, names?: string) => (count === "1" ? `Écran ${names}` : `${count}\u00a0écrans (${(names ?? "").replace(/ and (\d+) more$/, " et $1\u00a0autres")})`);

const known: [RegExp, Say][] = [
    [/^the catalogue has no playlist/, () => "Il n’y a aucune liste\u00a0: rien ne passerait. Créez une liste."],
    [/^the catalogue has no schedule/, () => "Aucune liste n’a de lieu\u00a0: rien ne passerait. Dans une liste, choisissez «\u00a0Sur tous les écrans\u00a0» ou des lieux."],
    [/^playlist "(.+?)": it is empty/, ([id], t) => `La liste ${q(t.playlist(id ?? ""))} est vide. Ajoutez-y des capsules, ou supprimez-la.`],
    [/^playlist "(.+?)", capsule "(.+?)": there is no such capsule/, ([list, id], t) =>
        `La liste ${q(t.playlist(list ?? ""))} contient une capsule qui n’existe plus (${id}). Retirez-la de la liste.`],
    [/^playlist "(.+?)", capsule "(.+?)": at_least_per_hour is above/, ([list, id], t) =>
        `Liste ${q(t.playlist(list ?? ""))}, capsule ${q(t.capsule(id ?? ""))}\u00a0: le «\u00a0au moins par heure\u00a0» dépasse le «\u00a0au plus par heure\u00a0».`],
    [/^playlist "(.+?)", capsule "(.+?)": at_least_per_hour cannot be met/, ([list, id], t) =>
        `Liste ${q(t.playlist(list ?? ""))}, capsule ${q(t.capsule(id ?? ""))}\u00a0: elle ne peut pas passer aussi souvent et laisser l’écart demandé entre deux passages.`],
    [/^playlist "(.+?)": what it promises at least per hour takes (\d+) minutes/, ([list, minutes], t) =>
        `La liste ${q(t.playlist(list ?? ""))} promet ${minutes}\u00a0minutes de passages par heure, plus qu’il n’y en a. Baissez les «\u00a0au moins par heure\u00a0».`],
    [/^playlist "(.+?)": all its capsules have expired/, ([id], t) => `Toutes les capsules de la liste ${q(t.playlist(id ?? ""))} ont dépassé leur date. Prolongez-les, ou ajoutez-en d’autres.`],
    [/^playlist "(.+?)": all its capsules are of the theme/, ([id], t) =>
        `La liste ${q(t.playlist(id ?? ""))} doit séparer les thèmes, mais toutes ses capsules ont le même. Ajoutez un autre thème.`],
    [/^capsule "(.+?)": it has no French title/, ([id], t) => `La capsule ${q(t.capsule(id ?? ""))} n’a pas de titre en français. Ajoutez-le dans sa fiche.`],
    [/^capsule "(.+?)": it has no video or image/, ([id], t) => `La capsule ${q(t.capsule(id ?? ""))} n’a ni vidéo ni image. Déposez-en une dans sa fiche.`],
    [/^capsule "(.+?)": valid\.until is not after/, ([id], t) => `Capsule ${q(t.capsule(id ?? ""))}\u00a0: la date de fin vient avant la date de début.`],
    [/^capsule "(.+?)": it is followed by "(.+?)"/, ([id, next], t) => `La capsule ${q(t.capsule(id ?? ""))} doit être suivie de ${q(t.capsule(next ?? ""))}, qui n’existe pas.`],
    [/^capsule "(.+?)".*: its file .* is not on the server/, ([id], t) => `Un fichier de la capsule ${q(t.capsule(id ?? ""))} manque sur le serveur. Déposez-la de nouveau.`],
    [/^schedule "(.+?)": there is no playlist "(.+?)"/, ([id, list]) => `La programmation ${q(id ?? "")} demande la liste ${q(list ?? "")}, qui n’existe pas.`],
    [/^schedule "(.+?)": there is no (site|screen) "(.+?)"/, ([id, kind, name]) =>
        `La programmation ${q(id ?? "")} vise ${kind === "site" ? "un lieu" : "un écran"} qui n’existe pas (${name}).`],
    [/^playlist "(.+?)", capsule "(.+?)": to keep its share it comes back every (.+), and not_again_within asks for (.+?):/, ([list, id, every, asked], t) =>
        `Liste ${q(t.playlist(list ?? ""))}, capsule ${q(t.capsule(id ?? ""))}\u00a0: pour garder sa part elle revient toutes les ${every}, et l’écart demandé est de ${asked}. Baissez cet écart ou sa fréquence, ou ajoutez des capsules.`],
    [/^playlist "(.+?)", the capsules of the theme "(.+?)" have (\d+) %/, ([list, , part], t) =>
        `Liste ${q(t.playlist(list ?? ""))}\u00a0: un seul thème a ${part}\u00a0% des passages, et les thèmes doivent être séparés. Ajoutez d’autres thèmes, ou ne les séparez plus.`],
    [/^playlist "(.+?)", capsule "(.+?)": at_least_per_hour is (\d+), and in some hours it would pass (\d+)/, ([list, id, wanted, got], t) =>
        `Liste ${q(t.playlist(list ?? ""))}, capsule ${q(t.capsule(id ?? ""))}\u00a0: ${wanted}\u00a0passages par heure sont promis, certaines heures n’en auraient que ${got}. Baissez cette promesse, ou retirez d’autres capsules.`],
    [/^playlist "(.+?)", all its capsules wait (\d+) %/, ([list, part], t) =>
        `Liste ${q(t.playlist(list ?? ""))}\u00a0: ${part}\u00a0% du temps, aucune capsule ne peut passer et un écran calme la remplace. Ajoutez des capsules, ou baissez l’écart entre deux passages.`],
    [/^playlist "(.+?)", capsule "(.+?)": not_again_within or themes_apart holds it/, ([list, id], t) =>
        `Liste ${q(t.playlist(list ?? ""))}\u00a0: l’écart demandé retient parfois ${q(t.capsule(id ?? ""))}, qui passe alors moins que sa part.`],
    [/^schedule "(.+?)": its where holds for no screen/, ([id]) => `La programmation ${q(id ?? "")} ne vise aucun écran pour l’instant. Corrigez ses lieux, ou laissez-la pour des écrans à venir.`],
    [/^on (\d+) screens? \((.+?)\): schedule "(.+?)": its share of (\d+) % cannot be met from (\S+) on/, ([count, names, id, share, from]) =>
        `${on(count, names)}\u00a0: la part de ${share}\u00a0% de la campagne ${q(id ?? "")} n’est pas tenable à partir du ${moment(from)}, d’autres campagnes prennent déjà la place. Baissez une part, ou changez dates et heures.`],
    [/^on (\d+) screens? \((.+?)\): schedule "(.+?)": from (\S+) on it overlaps "(.+?)"/, ([count, names, id, from, other]) =>
        `${on(count, names)}\u00a0: à partir du ${moment(from)}, ${q(id ?? "")} et ${q(other ?? "")} tombent ensemble, et rien ne dit laquelle passe. Donnez une priorité à l’une.`],
    [/^on (\d+) screens? \((.+?)\): nothing is scheduled at all/, ([count, names]) => `${on(count, names)}\u00a0: rien n’est programmé. Choisissez une liste pour ce lieu, ou pour tous.`],
    [/^on (\d+) screens? \((.+?)\): nothing is scheduled from (\S+) until (\S+),/, ([count, names, from, until]) =>
        `${on(count, names)}\u00a0: rien n’est programmé du ${moment(from)} au ${moment(until)}, pendant l’ouverture\u00a0: un écran calme s’affiche. Ajoutez une liste par défaut.`],
    [/^capsule "(.+?)": [a-z-]+: (.+) \(put it right, or give a word of reason in its report\)$/, ([id, text], t) =>
        `Capsule ${q(t.capsule(id ?? ""))}\u00a0: ${text} Corrigez, ou donnez une raison dans sa fiche.`],
    [/^capsule "(.+?)": [a-z-]+: (.+)$/, ([id, text], t) => `Capsule ${q(t.capsule(id ?? ""))}\u00a0: ${text}`],
];

// Capsules with warnings that a word of reason lets pass.
export function explainable(problems: string[]): string[] {
    const ids = problems.map((problem) => /^capsule "(.+?)": .*give a word of reason/.exec(problem)?.[1] ?? "");
    return [...new Set(ids)].filter((id) => id !== "");
}

// Null: only the server's own sentence is there, in English.
export function problemWords(problem: string, titles: Titles): string | null {
    if (language === "en") return null;
    for (const [shape, say] of known) {
        const match = shape.exec(problem);
        if (match) return say(match.slice(1), titles);
    }
    return null;
}
