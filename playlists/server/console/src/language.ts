// French unless somebody chose English here; kept in this browser. A page is loaded anew when the language changes, so that words can be constants.
export type Language = "fr" | "en";

const key = "capsule-language";

function kept(): Language {
    try {
        return localStorage.getItem(key) === "en" ? "en" : "fr";
    } catch {
        return "fr"; // no storage here
    }
}

export const language: Language = kept();
export const locale = language === "en" ? "en-GB" : "fr-FR";

export function speak(next: Language): void {
    try {
        localStorage.setItem(key, next);
    } catch {
        return;
    }
    location.reload();
}

export const inLanguage = <T>(fr: T, en: NoInfer<T>): T => (language === "en" ? en : fr);

const number = new Intl.NumberFormat(locale);
// "1 capsule", "2 capsules". French: none and one are singular; English: only one is.
export const many = (count: number, one: string, more: string): string =>
    `${number.format(count)}\u00a0${(language === "en" ? Math.abs(count) === 1 : Math.abs(count) < 2) ? one : more}`;
