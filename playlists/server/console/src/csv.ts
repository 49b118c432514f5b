// A table as a file that a French spreadsheet opens without a question: UTF-8 with its mark, semicolons, CRLF.

export type Cell = string | number | null;

function cell(value: Cell): string {
    if (value === null) return "";
    if (typeof value === "number") return String(value).replace(".", ",");
    // A text that starts like a formula would be run by the spreadsheet.
    const safe = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
    return /[";\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

export function csv(head: string[], rows: Cell[][]): string {
    return "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(";") + "\r\n").join("");
}

export function download(name: string, text: string): void {
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
