// What of dropped files can be sent, or why not.
import { bytes } from "../../format";
import { words } from "./words";

export const accepted = "video/*,image/*,.mkv,.mov,.avi,.mxf,.ts,.webm";
const most = 2 ** 31;
const endings = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ts|mts|m2ts|mxf|wmv|flv|ogv|3gp|png|jpe?g|webp|gif|bmp|tiff?|avif|heic)$/i;

export function refusalOf(files: File[]): string | null {
    const file = files[0];
    if (files.length > 1 || file === undefined) return words.dropMany;
    if (file.size === 0) return words.emptyFile;
    if (file.size > most) return words.tooLarge(bytes(file.size));
    if (!/^(video|image)\//.test(file.type) && !endings.test(file.name)) return words.notMedia(file.name);
    return null;
}

// "mot_de-passe v2.mp4" → "Mot de passe v2"
export function titleOfFile(name: string): string {
    const bare = name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " ").replace(/\s+/g, " ").trim();
    return bare.charAt(0).toUpperCase() + bare.slice(1);
}
